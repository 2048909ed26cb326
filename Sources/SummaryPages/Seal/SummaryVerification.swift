// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Diagnostics
import Disclosure
import Merkle
public import TransparencyLog

/// What the receiver of a summary finds, on their own machine, with the key handed to them.
public struct SummaryVerification: Sendable {
    /// One question and its answer.
    public struct Check: Hashable, Sendable {
        /// What was looked at.
        public var title: LocalizedText
        /// The answer: yes, no, or that it could not be asked.
        public var holds: Bool?
    }

    /// The questions, in order.
    public private(set) var checks: [Check] = []
    /// What the statement says; nil if there is none.
    public private(set) var statement: SummaryStatement?
    /// The head that the receiver may keep for the next time.
    public private(set) var head: Checkpoint?

    /// Whether nothing is wrong: what could not be asked is not wrong, but is said.
    public var isIntact: Bool { !checks.isEmpty && checks.allSatisfy { $0.holds != false } }

    /// Verifies a file.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - key: The key of the log.
    ///   - last: The last head that the receiver saw, if any.
    ///   - witness: The key of the witness that the receiver trusts, if any.
    public init(
        _ bytes: [UInt8], key: LogVerificationKey, last: Checkpoint?,
        witness: WitnessVerificationKey? = nil
    ) {
        func check(_ french: String, _ english: String, _ holds: Bool?) {
            checks.append(Check(title: LocalizedText(fr: french, en: english), holds: holds))
        }
        guard bytes.count <= SummaryFile.byteCountMax,
            let page = String(validating: bytes, as: UTF8.self),
            let places = PageFrame.places(in: page)
        else {
            check("le fichier est une synthèse", "the file is a summary", false)
            return
        }
        let note = try? SignedNote(parsing: Array(page[places.note].utf8))
        // A note that cannot be read and one that the key did not sign are the same answer.
        let signer = note.flatMap { try? $0.verify(with: [key]) }
        check("signée par la clé donnée", "signed by the given key", signer != nil)
        guard let note, signer != nil, let statement = SummaryStatement(parsing: note.text) else {
            return
        }
        self.statement = statement
        let language = Self.language(page)
        let blank = PageFrame.filled(page, note: "", receipt: "")
        check(
            "pages, figures et dessins tels que signés", "pages, figures and drawings as signed",
            SHA256Digest(of: blank) == statement.digests["page-\(language)"])
        let json = PageFrame.content(PageFrame.dataStart, in: page[...]).map { String(page[$0]) }
        check(
            "données telles que signées", "data as signed",
            json.map { SHA256Digest(of: $0) } == statement.digests["data"])
        check(
            "totaux justes, et rien de masqué qui se déduise",
            "totals right, and nothing masked that can be deduced", json.map(Self.figuresHold))
        checkReceipt(String(page[places.receipt]), note, statement, key, last, witness)
    }

    private static func language(_ page: String) -> String {
        page.utf8.starts(with: Array("<!DOCTYPE html>\n<html lang=\"en\"".utf8)) ? "en" : "fr"
    }

    /// Whether the shown figures add up, and leave every masked one uncertain.
    static func figuresHold(_ json: String) -> Bool {
        guard let release = try? Release(parsing: json, name: "summary") else { return false }
        return release.isConsistent
    }

    private mutating func checkReceipt(
        _ text: String, _ note: SignedNote, _ statement: SummaryStatement,
        _ key: LogVerificationKey, _ last: Checkpoint?, _ witness: WitnessVerificationKey?
    ) {
        func check(_ french: String, _ english: String, _ holds: Bool?) {
            checks.append(Check(title: LocalizedText(fr: french, en: english), holds: holds))
        }
        let recorded = LocalizedText(fr: "enregistrée dans le journal", en: "recorded in the log")
        guard let receipt = SummaryReceipt(parsing: text),
            let signed = try? CheckpointNote(parsing: Array(receipt.checkpoint.utf8)),
            (try? signed.note.verify(with: [key])) != nil
        else {
            checks.append(Check(title: recorded, holds: false))
            return
        }
        let head = signed.checkpoint
        let leaf = SHA256Hasher().leafHash(Array(receipt.entry.utf8))
        let release = SHA256Digest(of: String(decoding: note.bytes, as: UTF8.self)).hex
        let entry = try? EntryScanner(mode: .entry).scan(Array(receipt.entry.utf8))
        let names =
            entry != nil
            && receipt.entry.utf8.contains(Array("\"release_hash\":\"\(release)\"".utf8))
            && ["release", "correct"].contains {
                receipt.entry.utf8.contains(Array("\"type\":\"summary.\($0)\"".utf8))
            }
        check(
            recorded.french, recorded.english,
            names && head.treeSize == receipt.inclusion.treeSize
                && head.origin == statement.origin
                && receipt.inclusion.verify(leafHash: leaf, root: head.rootHash))
        check(
            "journal plus long que celui des chiffres, et le même",
            "log longer than that of the figures, and the same one",
            Self.continues(
                receipt, head, from: (statement.treeSize, statement.rootHash)))
        let since = last.flatMap { last -> Bool? in
            guard last.origin == head.origin else { return false }
            return Self.continues(receipt, head, from: (last.treeSize, last.rootHash))
        }
        check(
            "suite du journal déjà connu sur cette machine",
            "continues the log already known on this machine", since)
        if let witness {
            check(
                "suite d’un état du journal que votre témoin a cosigné",
                "continues a head of the log that your witness cosigned",
                Self.continues(receipt, head, seenBy: witness, key))
        }
        if isIntact { self.head = head }
    }

    /// Whether a head continues one of the same log that a witness cosigned; nil if the file holds none
    /// that it did.
    private static func continues(
        _ receipt: SummaryReceipt, _ head: Checkpoint, seenBy witness: WitnessVerificationKey,
        _ key: LogVerificationKey
    ) -> Bool? {
        guard let text = receipt.cosigned,
            let seen = try? CheckpointNote(parsing: Array(text.utf8))
        else { return nil }
        let own = seen.note.signatures.filter { witness.isNamed(by: $0) }
        guard !own.isEmpty else { return nil }
        guard own.contains(where: { witness.timestamp(of: $0, over: seen.note.text) != nil }),
            (try? seen.note.verify(with: [key])) != nil, seen.checkpoint.origin == head.origin
        else { return false }
        return continues(
            receipt, head, from: (seen.checkpoint.treeSize, seen.checkpoint.rootHash))
    }

    /// Whether the receipt proves that a head continues an earlier one; nil if it does not say.
    private static func continues(
        _ receipt: SummaryReceipt, _ head: Checkpoint,
        from old: (size: UInt64, root: SHA256Digest)
    ) -> Bool? {
        if old.size == head.treeSize { return old.root == head.rootHash }
        let known = receipt.history.first { $0.proof.oldSize == old.size }
        guard let known else { return nil }
        return known.proof.verify(oldRoot: old.root, newRoot: head.rootHash)
    }
}
