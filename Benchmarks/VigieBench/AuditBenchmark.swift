// SPDX-License-Identifier: Apache-2.0

import Auditing
import Conduct
import Cryptography
import LogStorage
import Sampling
import TransparencyLog

/// What an audit costs, verification included, on a generated log of one month of 500 advisers.
///
/// The log is on the disk, and read through the same reader as the command's.
struct AuditBenchmark {
    private let reader: LogReader
    private let verifier: LogVerifier
    private let auditor: Auditor
    private let entryCount: UInt64

    private static let roundCount = 5

    /// Writes the log to a folder, and judges it once.
    init(folder: String) throws {
        let archive = try FolderReader.policyArchive("policies/pilote-linkedin")
        let target = SampleFolder(folder + "/audit")
        let writer = SampleLogWriter(target, name: "bench", policies: [archive])
        var generator = SampleGenerator(
            SampleShape(
                seed: 1, advisers: 500, months: 1, policyVersion: archive.version.hex,
                origin: writer.origin))
        entryCount = try writer.write(&generator)
        let text = String(decoding: try target.read("log.vkey"), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        verifier = LogVerifier(keys: [try LogVerificationKey(parsing: line)])
        reader = LogReader(folder + "/audit/log")
        let policies = try PolicySetFolder(archive)
        auditor = Auditor(folders: [policies], reference: policies)
    }

    func run() throws {
        print("audit \(entryCount) entries of a generated log (medians of \(Self.roundCount))")
        var rows: [String: [Double]] = [:]
        var findingCounts: Set<Int> = []
        for _ in 0..<Self.roundCount {
            for workers in [1, 2] {
                rows["verify, \(workers)", default: []].append(
                    try seconds { _ = verifier.verify(reader, workers: workers) })
                let time = try seconds { findingCounts.insert(try audit(workers: workers)) }
                rows["audit, \(workers)", default: []].append(time)
            }
        }
        precondition(findingCounts.count == 1, "the findings do not depend on the workers")
        for workers in [1, 2] {
            let verify = median(rows["verify, \(workers)"] ?? [])
            let audit = median(rows["audit, \(workers)"] ?? [])
            print(
                "  workers \(workers): verify \(rate(verify)), verify and audit \(rate(audit))",
                "entries a second, ratio \((verify / audit * 100).rounded() / 100)")
        }
        let (one, two) = (median(rows["audit, 1"] ?? []), median(rows["audit, 2"] ?? []))
        print("  two workers against one: \((one / two * 100).rounded() / 100)")
    }

    private func audit(workers: Int) throws -> Int {
        let log = LogUnderAudit.verify(reader, by: verifier, workers: workers).log
        guard let log else { preconditionFailure("a generated log is intact") }
        return try auditor.audit(log, workers: workers).findings.count
    }

    private func rate(_ seconds: Double) -> Int { Int(Double(entryCount) / seconds) }
}

/// The time that some work takes.
func seconds(_ body: () throws -> Void) throws -> Double {
    let time = try ContinuousClock().measure(body).components
    return Double(time.seconds) + Double(time.attoseconds) / 1e18
}

/// The middle one of some values.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
