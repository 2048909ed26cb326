// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import LogStorage
import TransparencyLog
import Witnessing

/// What a witness must never forget, in files.
///
///     witness.vkey                     whose memory this is
///     known                            the logs that were added, one <id> a line
///     logs/<id>/keys                   the log's keys, one a line; <id> is SHA-256 of its origin
///     logs/<id>/head                   the checkpoint cosigned last, or `none`
///     logs/<id>/evidence/<kind>-<id>   requests that were refused, and speak against the log
///
/// A log's `head` is there from the moment the log is added: one that is missing was lost, and a
/// witness that lost its memory must cosign nothing, since it might contradict itself. So too with a
/// log that is `known` and has no folder, and with a head whose log has no keys.
final class WitnessFolder: WitnessStore, Sendable {
    /// The greatest number of pieces of evidence of one kind that are kept for a log.
    ///
    /// Old checkpoints are public, and anybody can fill the room of those; forks have their own.
    static let evidenceCountMax = 1_000
    private static let none = Array("none\n".utf8)

    private let path: String
    /// Nil where the memory is only read.
    private let held: HeldFolder?
    /// The witness's own key, which its memory is signed with.
    let verificationKey: WitnessVerificationKey

    /// Makes a new memory.
    ///
    /// - Throws: ``StorageError/Code/exists`` if there is one already.
    init(making path: String, for key: WitnessVerificationKey) throws {
        let folder = try HeldFolder(path, makes: true)
        (self.path, held) = (folder.path, folder)
        verificationKey = key
        let file = folder.path + "/witness.vkey"
        guard try HeldFolder.bytes(of: file, byteCountMax: 4_096) == nil else {
            throw StorageError(.exists, path: file)
        }
        try folder.replace("known", with: [])
        try folder.replace("witness.vkey", with: Array("\(key.text)\n".utf8))
    }

    /// Checks that a new memory can be made.
    ///
    /// - Throws: ``StorageError``, as ``init(making:for:)`` does.
    static func requireRoom(at path: String) throws {
        try HeldFolder.check(path, makes: true)
        let file = path + "/witness.vkey"
        guard try HeldFolder.bytes(of: file, byteCountMax: 4_096) == nil else {
            throw StorageError(.exists, path: file)
        }
    }

    /// Takes a memory that is there.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - key: The key that it must belong to; nil where only what is not signed matters.
    /// - Throws: ``WitnessFault`` if it belongs to another key, or a head was lost or altered.
    init(_ path: String, for key: WitnessVerificationKey? = nil) throws {
        let folder = try HeldFolder(path)
        (self.path, held) = (folder.path, folder)
        verificationKey = try Self.owner(of: folder.path)
        guard key ?? verificationKey == verificationKey else {
            throw WitnessFault(.otherKey, folder.path + "/witness.vkey")
        }
        try requireWhole()
        try noteKnown()
    }

    /// Reads a memory that a running witness may be using: each file of it is replaced at once.
    ///
    /// - Throws: ``WitnessFault`` if part of it was lost or altered.
    init(reading path: String) throws {
        verificationKey = try Self.owner(of: path)
        (self.path, held) = (path, nil)
        try requireWhole()
    }

    /// Checks that nothing of what was cosigned is missing.
    private func requireWhole() throws {
        let folders = try identifiers()
        guard let known = try known() else {
            // A memory from before there was such a list has the logs that it has.
            guard !folders.isEmpty else { throw WitnessFault(.lost, path + "/logs") }
            return try requireHeads(folders)
        }
        try requireHeads(known + folders.filter { !known.contains($0) })
    }

    private func requireHeads(_ identifiers: [String]) throws {
        for identifier in identifiers {
            // One that was never cosigned may lack its keys: whoever added it was cut short.
            guard try head(in: identifier) != nil else { continue }
            guard try !keys(in: identifier).isEmpty else {
                throw WitnessFault(.altered, path + "/logs/\(identifier)/keys")
            }
        }
    }

    /// The logs that were added; nil if there is no list.
    private func known() throws -> [String]? {
        let file = path + "/known"
        guard let bytes = try HeldFolder.bytes(of: file, byteCountMax: 1 << 20) else { return nil }
        return try bytes.split(separator: 0x0A).map { line in
            let identifier = String(decoding: line, as: UTF8.self)
            guard SHA256Digest(hex: identifier) != nil else { throw WitnessFault(.altered, file) }
            return identifier
        }
    }

    /// Notes the logs that are there as known.
    private func noteKnown() throws {
        let folders = try identifiers()
        guard try folders != known() else { return }
        try replace("known", with: Array(folders.map { $0 + "\n" }.joined().utf8))
    }

    private func replace(_ relative: String, with bytes: [UInt8]) throws {
        guard let held else { preconditionFailure("who reads a memory does not change it") }
        try held.replace(relative, with: bytes)
    }

    /// Whose memory a folder is.
    static func owner(of path: String) throws -> WitnessVerificationKey {
        let file = path + "/witness.vkey"
        guard let bytes = try HeldFolder.bytes(of: file, byteCountMax: 4_096) else {
            throw WitnessFault(.notAMemory, path)
        }
        let line = bytes.prefix { $0 != 0x0A }
        guard let key = try? WitnessVerificationKey(parsing: String(decoding: line, as: UTF8.self))
        else { throw WitnessFault(.altered, file) }
        return key
    }

    // MARK: Logs

    /// The logs that the witness knows, by the names of their folders.
    func identifiers() throws -> [String] {
        try HeldFolder.names(in: path + "/logs")
            .filter { SHA256Digest(hex: $0) != nil }
    }

    static func identifier(of origin: String) -> String {
        SHA256Hasher().hash(Array(origin.utf8)).hex
    }

    /// Lets the witness cosign a log, or trust one more key of it.
    ///
    /// - Returns: Whether the key is new.
    func add(_ key: LogVerificationKey) throws -> Bool {
        let place = "logs/" + Self.identifier(of: key.name)
        var keys = try keys(of: key.name)
        guard !keys.contains(key) else { return false }
        keys.append(key)
        if keys.count == 1, try headBytes(in: Self.identifier(of: key.name)) == nil {
            try replace(place + "/head", with: Self.none)
        }
        try write(keys, in: place)
        try noteKnown()
        return true
    }

    func supersede(_ old: LogVerificationKey, by new: LogVerificationKey) throws {
        let keys = try keys(of: old.name).filter { $0 != old && $0 != new } + [new]
        try write(keys, in: "logs/" + Self.identifier(of: old.name))
    }

    private func write(_ keys: [LogVerificationKey], in place: String) throws {
        let text = keys.map { $0.text + "\n" }.joined()
        try replace(place + "/keys", with: Array(text.utf8))
    }

    func keys(of origin: String) throws -> [LogVerificationKey] {
        try keys(in: Self.identifier(of: origin)).filter {
            $0.name.utf8.elementsEqual(origin.utf8)
        }
    }

    /// The keys in a log's folder.
    func keys(in identifier: String) throws -> [LogVerificationKey] {
        let file = path + "/logs/\(identifier)/keys"
        guard let bytes = try HeldFolder.bytes(of: file, byteCountMax: 1 << 20) else { return [] }
        return try bytes.split(separator: 0x0A).map { line in
            do throws(NoteError) {
                return try LogVerificationKey(parsing: String(decoding: line, as: UTF8.self))
            } catch {
                throw WitnessFault(.altered, file)
            }
        }
    }

    // MARK: Heads

    func head(of origin: String) throws -> WitnessedHead? {
        try head(in: Self.identifier(of: origin))
    }

    /// The head in a log's folder; nil if none was ever cosigned.
    func head(in identifier: String) throws -> WitnessedHead? {
        let file = path + "/logs/\(identifier)/head"
        guard let bytes = try headBytes(in: identifier) else {
            throw WitnessFault(.lost, file)
        }
        if bytes == Self.none { return nil }
        guard let note = try? SignedNote(parsing: bytes),
            let checkpoint = try? Checkpoint(parsing: note.text, allowsExtensions: true),
            Self.identifier(of: checkpoint.origin) == identifier,
            let seconds = note.signatures.lazy.compactMap({
                self.verificationKey.timestamp(of: $0, over: note.text)
            }).first
        else { throw WitnessFault(.altered, file) }
        return WitnessedHead(note: note, checkpoint: checkpoint, seconds: seconds)
    }

    /// The bytes of the head's file; nil if it is not there.
    private func headBytes(in identifier: String) throws -> [UInt8]? {
        try HeldFolder.bytes(
            of: path + "/logs/\(identifier)/head",
            byteCountMax: 2 * SignedNote.byteCountMax)
    }

    func record(_ head: WitnessedHead) throws {
        try replace(
            "logs/\(Self.identifier(of: head.checkpoint.origin))/head", with: head.note.bytes)
    }

    // MARK: Evidence

    /// The names of the files of evidence of a log.
    func evidence(in identifier: String) throws -> [String] {
        try HeldFolder.names(in: path + "/logs/\(identifier)/evidence")
            .filter { !$0.hasSuffix(".new") }
    }

    func keep(_ evidence: WitnessEvidence) throws {
        let identifier = Self.identifier(of: evidence.known.checkpoint.origin)
        let digest = SHA256Hasher().hash(
            Array((evidence.known.note.text + evidence.refused).utf8))
        let name = "\(evidence.kind.rawValue)-\(digest.hex.prefix(16))"
        let kept = try self.evidence(in: identifier)
            .filter { $0.hasPrefix(evidence.kind.rawValue + "-") }
        // The same thing said twice is no more evidence, and whoever floods a witness gains nothing.
        guard !kept.contains(name), kept.count < Self.evidenceCountMax else { return }
        try replace("logs/\(identifier)/evidence/\(name)", with: Self.text(evidence))
    }

    /// Evidence as a file: a head for a person, then both texts byte for byte.
    private static func text(_ evidence: WitnessEvidence) -> [UInt8] {
        let known = evidence.known.note.bytes
        let head = """
            vigie witness evidence v1
            kind \(evidence.kind.rawValue)
            time \(evidence.seconds)
            known \(known.count)
            request \(evidence.request.count)


            """
        return Array(head.utf8) + known + evidence.request
    }
}
