// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Cryptography
import Diagnostics
import Disclosure
import Glibc
import LogStorage
import TransparencyLog

/// The options of the verbs that compute a summary.
struct SummaryOptions: ParsableArguments {
    @OptionGroup var writer: WriterOptions
    @Option(
        help: ArgumentHelp(
            fr: "Le dossier de politiques.",
            en: "The folder of policies."))
    var policies: String
    @Option(
        help: ArgumentHelp(
            fr: """
                Partir de l’état que le dernier `vigie audit` consigné a laissé dans ce \
                fichier\u{202F}; cela gagne du temps, et ne change rien. Toute entrée est quand \
                même relue, pour être comptée.
                """,
            en: """
                Go on from the state that the last recorded `vigie audit` left in this file; it \
                saves time, and changes nothing. Every entry is read again all the same, to be \
                counted.
                """))
    var checkpoint: String?

    /// The log, the summaries that it records, and what an audit finds in it; nil where the audit
    /// has still to be made, since no state of an earlier one is at hand.
    ///
    /// - Throws: ``Disclosure/DisclosureError/Code/brokenLedger`` if it is not intact.
    func read(
        by auditor: Auditor, on console: Console
    ) throws -> (log: LogUnderAudit, result: AuditResult?, past: PastSummaries) {
        guard let checkpoint, unsafe access(checkpoint, F_OK) == 0 else {
            let (log, past) = try writer.verifiedWithSummaries(on: console)
            return (log, nil, past)
        }
        let folder = WriterOptions.trimmed(writer.log)
        let reading = AuditReading(
            LogVerifier(keys: [try writer.verificationKey(on: console)]),
            program: try Self.auditingProgram(), workers: LogOptions.processorCount)
        let audit = try auditor.audit(
            LogReader(folder), from: TextFile.read(checkpoint, byteCountMax: 1 << 30), reading)
        if let fault = audit.fault { console.diagnose(fault.diagnostic(at: .file(checkpoint))) }
        guard let log = audit.log, let result = audit.result else {
            throw PlacedError(
                DisclosureError(.brokenLedger, audit.report.head?.origin ?? folder),
                .file(folder))
        }
        var past = PastSummaries()
        try log.entries.replay { past.add($0.view) }
        return (log, result, past)
    }

    /// SHA-256 of the `vigie` beside this program, which leaves the states; nil if there is none.
    private static func auditingProgram() throws -> SHA256Digest? {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &path, path.count)
        guard count > 0 else { return nil }
        let own = String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let slash = own.lastIndex(of: "/") else { return nil }
        let vigie = own[...slash] + "vigie"
        guard unsafe access(String(vigie), R_OK) == 0 else { return nil }
        return SHA256Hasher().hash(try TextFile.read(String(vigie), byteCountMax: 1 << 30))
    }
}
