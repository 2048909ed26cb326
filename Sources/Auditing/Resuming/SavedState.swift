// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import Diagnostics
import Snapshots
import TransparencyLog

/// What an audit leaves for the next one, as the bytes of a file.
///
/// The program that wrote it is named by its digest: another build may judge otherwise, and what
/// it would have found in the entries before must not be missed.
///
///     vigie nightly state 1 LF ‖ SHA-256 of the program ‖ the state
public enum SavedState {
    private static let magic = Array("vigie nightly state 1\n".utf8)

    /// The bytes of a state.
    public static func encode(_ snapshot: AuditSnapshot, program: SHA256Digest) -> [UInt8] {
        var writer = SnapshotWriter(reserving: snapshot.roughByteCount)
        writer.write(raw: magic)
        writer.write(program)
        snapshot.encode(to: &writer)
        return writer.bytes
    }

    /// Reads a state that an auditor of this program can go on from.
    ///
    /// - Throws: ``SavedStateFault``. That the bytes read well says nothing of their origin.
    static func decode(
        _ bytes: [UInt8], program: SHA256Digest, for auditor: Auditor
    ) throws(SavedStateFault) -> AuditSnapshot {
        let start = magic.count + SHA256Digest.byteCount
        guard bytes.count >= start, bytes.starts(with: magic) else { throw .malformed }
        guard bytes[magic.count..<start].elementsEqual(program.bytes) else { throw .otherProgram }
        let snapshot: AuditSnapshot
        do throws(MalformedSnapshot) {
            var reader = SnapshotReader(bytes)
            _ = try reader.raw(start)
            snapshot = try AuditSnapshot(from: reader)
        } catch {
            throw .malformed
        }
        guard auditor.canResume(snapshot) else { throw .otherPolicies }
        return snapshot
    }
}

/// Why a saved state is not believed: everything is read again then.
public enum SavedStateFault: String, Error, CaseIterable, Hashable, Sendable {
    /// The bytes are not a state.
    case malformed = "AUD101"
    /// Another build of the program left it.
    case otherProgram = "AUD102"
    /// It was left under other policies.
    case otherPolicies = "AUD103"
    /// The log's signed head is not the root over what the state holds.
    case contradicted = "AUD104"
    /// No `check.complete` entry of this program names its digest.
    case unrecorded = "AUD105"
    /// Bundles that the state covers are gone since, or are back.
    case outdated = "AUD106"
}

extension SavedStateFault: Diagnosable {
    /// The fault in words; it is a warning, since nothing that was asked is left undone.
    public var diagnostic: Diagnostic { diagnostic(at: .nowhere) }

    /// The fault in words, at the file of the state.
    public func diagnostic(at place: Place) -> Diagnostic {
        Diagnostic(
            .warning, code: rawValue, place: place, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        let cause =
            switch self {
            case .malformed:
                LocalizedText(
                    fr: "le fichier n’est pas un état d’audit", en: "the file is no audit state")
            case .otherProgram:
                LocalizedText(
                    fr: "une autre version du programme a laissé cet état",
                    en: "another build of the program left this state")
            case .otherPolicies:
                LocalizedText(
                    fr: "l’état a été laissé sous d’autres politiques",
                    en: "the state was left under other policies")
            case .contradicted:
                LocalizedText(
                    fr: "l’état contredit la tête signée du journal",
                    en: "the state contradicts the log's signed head")
            case .unrecorded:
                LocalizedText(
                    fr: "le journal ne dit nulle part que cet état a été laissé",
                    en: "the log says nowhere that this state was left")
            case .outdated:
                LocalizedText(
                    fr: "des entrées que l’état couvre ne sont plus là, ou sont revenues",
                    en: "entries that the state covers are gone since, or are back")
            }
        return LocalizedText(
            fr: "\(cause.french)\u{202F}: tout est relu",
            en: "\(cause.english): everything is read again")
    }

    private var remedy: LocalizedText {
        switch self {
        case .outdated:
            LocalizedText(
                fr: "rien à faire après une purge\u{202F}: `--record` laisse un nouvel état",
                en: "do nothing after a purge: `--record` leaves a new state")
        case .otherProgram, .otherPolicies:
            LocalizedText(
                fr: "rien à faire\u{202F}: `--record` laisse un nouvel état",
                en: "do nothing: `--record` leaves a new state")
        case .malformed, .contradicted, .unrecorded:
            LocalizedText(
                fr: "cherchez qui écrit dans ce fichier\u{202F}; `--record` laisse un nouvel état",
                en: "find out who writes to this file; `--record` leaves a new state")
        }
    }
}
