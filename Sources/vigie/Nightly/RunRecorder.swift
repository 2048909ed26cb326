// SPDX-License-Identifier: Apache-2.0

import Auditing
import Conduct
import Cryptography
import LogStorage
import Reporting
import TransparencyLog

/// Records a run in the log that it audits: that it began, and how it ended.
///
/// The log is open for each entry alone, so that other programs can append meanwhile.
struct RunRecorder {
    /// The log, and the key that signs it.
    let writer: WriterOptions
    /// The policy set that the run judges by where none is in force.
    let version: SHA256Digest
    let console: Console

    /// Records that a run begins, under the head that the log has then.
    func start() throws {
        let appender = try writer.open(on: console)
        // The appender has just held it against the tree.
        let note = try CheckpointNote(parsing: TextFile.read(writer.log + "/checkpoint"))
        var draft = EventDraft("check.start")
        draft[.rulesetVersion] = .digest(version)
        draft[.head] = .digest(note.checkpoint.rootHash)
        draft[.last] = .integer(Int64(clamping: max(note.checkpoint.treeSize, 1) - 1))
        try append(draft, to: appender)
    }

    /// Records what an audit found, and the digest of the state that it leaves.
    func complete(_ report: Report, _ result: AuditResult, state: [UInt8]?) throws {
        var draft = EventDraft("check.complete")
        draft[.rulesetVersion] = .digest(version)
        draft[.head] = .digest(result.head)
        draft[.last] = .integer(Int64(clamping: max(result.treeSize, 1) - 1))
        draft[.count] = .integer(Int64(clamping: result.counts.entries))
        draft[.findings] = .integer(Int64(report.findings.count))
        draft[.scope] = .texts(
            Finding.Severity.allCases.map { severity in
                "\(severity.rawValue):\(report.findings.count { $0.severity == severity })"
            })
        draft[.outcomeCode] = .text(String(report.exitCode))
        if let state { draft[.hash] = .digest(SHA256Hasher().hash(state)) }
        try append(draft, to: try writer.open(on: console))
    }

    /// Records that a run judged nothing, and why: a diagnostic's code, or an exit code.
    func fail(_ reason: String) throws {
        var draft = EventDraft("check.fail")
        draft[.rulesetVersion] = .digest(version)
        draft[.reasonCode] = .text(reason)
        try append(draft, to: try writer.open(on: console))
    }

    private func append(_ draft: EventDraft, to appender: LogAppender) throws {
        try appender.record(draft)
        try appender.sign()
    }
}
