// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import Disclosure
import Glibc
import LogStorage
import SummaryPages
import TransparencyLog

/// Who approves a release, and where its pages go.
struct PublishingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme de qui approuve\u{202F}; une autre personne que le demandeur.",
            en: "The pseudonym of who approves; another person than who asked."))
    var approver: String

    @Option(
        help: ArgumentHelp(
            fr: "Le dossier où s’écrivent les pages.",
            en: "The folder that the pages are written to."))
    var out = "."

    /// Signs a summary, keeps it, records it, and writes its pages with the proof.
    ///
    /// - Returns: The hash that the log records.
    func publish(
        _ bench: SummaryWorkbench, _ type: String, _ options: SummaryOptions, on console: Console
    ) throws -> SHA256Digest {
        guard bench.request.isPermitted, approver != bench.request.requester else {
            throw CommandError(code: .notPermitted, fact: bench.request.reference)
        }
        let key = try options.writer.signingKey(on: console)
        let file = try SummaryFile(bench.document, key: key)
        let hash = SHA256Hasher().hash(file.note.bytes)
        // The files come first: a release that the log records can always be read again.
        let folder = bench.log + "/summaries"
        _ = unsafe mkdir(folder, 0o755)
        let note = String(decoding: file.note.bytes, as: UTF8.self)
        try TextFile.write(note, to: "\(folder)/\(hash.hex).note")
        try TextFile.write(file.json, to: "\(folder)/\(hash.hex).json")
        let cosigned = try CosignedHead(in: bench.log)
        let appender = try options.writer.open(on: console)
        try appender.record(draft(bench, type, hash))
        _ = try appender.sign()
        let receipt = try Self.receipt(bench, hash, key.verificationKey, cosigned)
        let kind = bench.document.correction == nil ? "synthese" : "correction"
        let name = "\(kind)-\(bench.document.perimeter.text)-\(bench.document.period.text)"
        let safe = String(name.map { ":/".contains($0) ? "-" : $0 })
        for language in Language.allCases {
            let path = "\(out)/\(safe).\(language.rawValue).html"
            try TextFile.write(file.html(in: language, receipt: receipt.json), to: path)
            try console.write(path + "\n")
        }
        return hash
    }

    private func draft(
        _ bench: SummaryWorkbench, _ type: String, _ hash: SHA256Digest
    ) -> EventDraft {
        var draft = EventDraft(type)
        draft[.perimeter] = .text(bench.document.perimeter.text)
        draft[.releaseHash] = .digest(hash)
        draft[.approver] = .text(approver)
        draft[.reference] = .text(bench.request.reference)
        // What an auditor needs to judge the release without its file.
        draft[.tableSpec] = .text(
            "\(bench.document.period.text) \(bench.request.tables.joined(separator: ","))")
        draft[.thresholds] = .texts(bench.document.rules.texts)
        if let correction = bench.document.correction {
            draft[.reasonCode] = .text(correction.reason)
            if let corrected = SHA256Digest(hex: correction.release) {
                draft[.hash] = .digest(corrected)
            }
        }
        return draft
    }

    /// Proves that the release was recorded, and that the log continues every earlier one.
    private static func receipt(
        _ bench: SummaryWorkbench, _ hash: SHA256Digest, _ key: LogVerificationKey,
        _ cosigned: CosignedHead?
    ) throws -> SummaryReceipt {
        let reader = LogReader(bench.log)
        let verification = LogVerifier(keys: [key]).verify(
            reader, workers: LogOptions.processorCount)
        guard let log = verification.log else {
            throw DisclosureError(.brokenLedger, bench.document.origin)
        }
        // From the tiles, which hold what purges took as well; entries may follow meanwhile.
        let prover = try LogProver(reader)
        guard try prover.root(treeSize: log.treeSize) == log.rootHash else {
            throw DisclosureError(.brokenLedger, bench.document.origin)
        }
        var found: (index: UInt64, entry: String)?
        // The head that a reader of an earlier summary kept covers its release and no more.
        var olds: Set<UInt64> = [bench.document.treeSize]
        if let cosigned { olds.insert(cosigned.treeSize) }
        try log.replay { entry in
            guard entry.type == "summary.release" || entry.type == "summary.correct" else {
                return
            }
            if entry.string(.releaseHash) == hash.hex {
                found = (entry.index, String(decoding: entry.bytes.bytes, as: UTF8.self))
            } else {
                olds.insert(entry.index + 1)
            }
        }
        guard let found else { throw DisclosureError(.brokenLedger, String(hash.hex.prefix(16))) }
        let size = prover.head.checkpoint.treeSize
        var history: [SummaryReceipt.History] = []
        for old in olds.sorted() where old < size {
            history.append(
                SummaryReceipt.History(
                    root: try prover.root(treeSize: old),
                    proof: try prover.prove(oldSize: old).consistency))
        }
        return SummaryReceipt(
            entry: found.entry,
            inclusion: try prover.prove(index: found.index).inclusion,
            checkpoint: String(decoding: prover.head.note.bytes, as: UTF8.self), history: history,
            cosigned: cosigned?.text)
    }
}
