// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Cryptography
import Diagnostics
import Glibc
import LogStorage
import Reviewing
import TransparencyLog

/// The policy sets that findings are made by.
struct ReviewPolicies: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: """
                Un dossier de politiques\u{202F}; plusieurs fois au besoin, le premier est la \
                référence.
                """,
            en: "A folder of policies; may be given several times, the first is the reference."))
    var policies: [String]

    /// The sets that were given, then the copies that the log's folder keeps.
    func folders(for log: String) throws -> [PolicySetFolder] {
        try Self.folders(policies, keptBy: log)
    }

    /// The sets of some folders, then the copies that a log keeps.
    static func folders(_ paths: [String], keptBy log: String) throws -> [PolicySetFolder] {
        let given = try paths.map { try PolicySetFolder(FolderReader.policyArchive($0)) }
        let kept = log + "/policies"
        guard unsafe access(kept, F_OK) == 0 else { return given }
        let copies = try FolderReader.names(in: kept).compactMap {
            // What a copy that cannot be read would have judged is reported as not judged.
            try? PolicySetFolder(FolderReader.policyArchive("\(kept)/\($0)"))
        }
        return given + copies
    }
}

/// A verified log with its cases.
struct ReviewedLog {
    let log: LogUnderAudit
    let result: AuditResult
    let register: CaseRegister

    /// Verifies and audits a log, and groups what is found.
    ///
    /// - Throws: ``Reviewing/ReviewError`` if it is not intact.
    init(_ path: String, key: LogVerificationKey, _ policies: ReviewPolicies) throws {
        log = try Self.verified(path, key: key)
        let folders = try policies.folders(for: path)
        let auditor = Auditor(folders: folders, reference: folders.first)
        result = try auditor.audit(log, workers: LogOptions.processorCount)
        register = CaseRegister(log, result, repetition: auditor.caseRepetition)
    }

    /// Verifies and audits a log that is to be shown, once its reading is recorded.
    ///
    /// - Throws: ``Reviewing/ReviewError`` if it is not intact, or what recording throws.
    init(
        _ options: LogOptions, _ policies: ReviewPolicies, readBy reading: ReadingOptions,
        on console: Console
    ) throws {
        try reading.check(options.log, on: console)
        try self.init(options.log, key: try options.verificationKey(), policies)
        try reading.record(0..<log.entries.treeSize, of: options.log, on: console)
    }

    /// Verifies a log.
    ///
    /// - Throws: ``Reviewing/ReviewError`` if it is not intact.
    static func verified(_ path: String, key: LogVerificationKey) throws -> LogUnderAudit {
        let (_, log) = LogUnderAudit.verify(
            LogReader(try LogOptions.folder(path)), by: LogVerifier(keys: [key]),
            workers: LogOptions.processorCount)
        guard let log else { throw ReviewError(.altered, at: .file(path)) }
        return log
    }
}
