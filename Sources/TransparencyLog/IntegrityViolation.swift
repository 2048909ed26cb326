// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import Diagnostics

/// Something in a log that is not as it was signed.
public struct IntegrityViolation: Hashable, Sendable {
    /// The kinds of violation, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// A file that the log must have is absent.
        case missingFile = "LOG201"
        /// A file is there and cannot be read.
        case unreadableFile = "LOG202"
        /// A checkpoint is not a note with a checkpoint of this log.
        case malformedCheckpoint = "LOG203"
        /// A checkpoint is not signed by the key whose epoch covers its size.
        case invalidSignature = "LOG204"
        /// No key that the log was signed with is one of the trusted keys.
        case untrustedKey = "LOG205"
        /// The entries do not give the root that was signed.
        case rootMismatch = "LOG206"
        /// The frames of a bundle do not hold the entries it must have.
        case brokenFrame = "LOG207"
        /// An entry is not in canonical form.
        case notCanonical = "LOG208"
        /// An entry's `seq` is not its index.
        case wrongIndex = "LOG209"
        /// An entry's `prev` is not the hash of the entry before it.
        case brokenLink = "LOG210"
        /// An entry's hash is not the one that the tree holds.
        case alteredEntry = "LOG211"
        /// A tile holds hashes that its entries do not give.
        case alteredTile = "LOG212"
        /// A kept checkpoint does not agree with the log.
        case inconsistentCheckpoint = "LOG213"
        /// An epoch of a key has no closing checkpoint.
        case missingClosingCheckpoint = "LOG214"
        /// Entry 0 is not the opening of this log.
        case wrongOpening = "LOG215"
        /// A second copy of some entries or hashes differs from the first.
        case differingCopy = "LOG216"
        /// A key that the log announces cannot be read.
        case malformedKey = "LOG217"
        /// What is in force of purged entries is not what the purge says that it left.
        case differingStanding = "LOG218"
        /// A file of cosignatures does not hold cosignatures.
        case malformedCosignatures = "LOG241"
        /// A cosignature that names a trusted witness is not that witness's.
        case invalidCosignature = "LOG242"
        /// No checkpoint of the log has the cosignatures that the reader's policy asks for.
        case quorumNotMet = "LOG243"
        /// The reader's policy lists logs, and none of its keys is one of this log's.
        case unlistedLog = "LOG244"
        /// The file of a time stamp does not hold one.
        case malformedAnchor = "LOG261"
        /// A time stamp is not over the checkpoint of its size.
        case anchorMismatch = "LOG262"
        /// A time stamp's signature is not its authority's.
        case invalidAnchor = "LOG263"
        /// A time stamp is by nobody whom the given roots make an authority for time stamping.
        case untrustedAnchor = "LOG264"
        /// A time stamp is not the one that the log recorded.
        case alteredAnchor = "LOG265"
        /// No checkpoint of the log bears a time stamp of the authorities that the reader trusts.
        case notAnchored = "LOG266"
    }

    /// The kind of violation.
    public var code: Code
    /// The entry concerned; nil if it is no single entry.
    public var index: UInt64?
    /// The file concerned.
    public var path: LogPath?
    /// Where it is in the file, in bytes.
    public var byteOffset: UInt64?
    /// Why an entry is not canonical.
    public var entryError: EntryError?
    /// The hash that should be there.
    public var expected: SHA256Digest?
    /// The hash that is there.
    public var found: SHA256Digest?

    /// Makes a violation from its parts.
    init(_ code: Code, index: UInt64? = nil, path: LogPath? = nil, byteOffset: Int? = nil) {
        self.code = code
        self.index = index
        self.path = path
        self.byteOffset = byteOffset.map { UInt64($0) }
    }

    func expecting(_ expected: SHA256Digest, found: SHA256Digest) -> IntegrityViolation {
        var copy = self
        (copy.expected, copy.found) = (expected, found)
        return copy
    }

    /// Where it is, for a reader.
    public var place: Place {
        guard let path else { return .nowhere }
        guard let index else { return .file(path.text) }
        return .entry(file: path.text, index: index, byteOffset: byteOffset ?? 0)
    }

    /// The violation in words.
    public var diagnostic: Diagnostic {
        var message = code.message
        if let entryError {
            let detail = entryError.code.message
            message = LocalizedText(
                fr: "\(message.french)\u{202F}: \(detail.french)",
                en: "\(message.english): \(detail.english)")
        }
        return Diagnostic(
            code: code.rawValue, place: place, message: message, remedy: code.remedy)
    }
}

extension IntegrityViolation.Code {
    /// What is wrong, in one clause.
    public var message: LocalizedText {
        switch self {
        case .missingFile: LocalizedText(fr: "fichier manquant", en: "the file is missing")
        case .unreadableFile:
            LocalizedText(fr: "fichier illisible", en: "the file cannot be read")
        case .malformedCheckpoint:
            LocalizedText(
                fr: "point de contrôle illisible", en: "the checkpoint is malformed")
        case .invalidSignature:
            LocalizedText(
                fr: "point de contrôle sans signature valable de la clé de son époque",
                en: "the checkpoint has no valid signature by the key of its epoch")
        case .untrustedKey:
            LocalizedText(
                fr: "journal signé par une autre clé que celle donnée",
                en: "the log is signed by another key than the one given")
        case .rootMismatch:
            LocalizedText(
                fr: "les entrées ne donnent pas la racine signée",
                en: "the entries do not give the signed root")
        case .brokenFrame:
            LocalizedText(
                fr: "découpage des entrées rompu", en: "the framing of the entries is broken")
        case .notCanonical:
            LocalizedText(
                fr: "entrée hors forme canonique", en: "the entry is not in canonical form")
        case .wrongIndex:
            LocalizedText(
                fr: "l’entrée porte un autre rang que le sien",
                en: "the entry has another index than its own")
        case .brokenLink:
            LocalizedText(
                fr: "l’entrée ne suit pas la précédente",
                en: "the entry does not follow the one before it")
        case .alteredEntry:
            LocalizedText(
                fr: "l’entrée a été altérée", en: "the entry was altered")
        case .alteredTile:
            LocalizedText(
                fr: "empreintes du fichier altérées", en: "the hashes in the file were altered")
        case .inconsistentCheckpoint:
            LocalizedText(
                fr: "point de contrôle gardé en désaccord avec le journal",
                en: "the kept checkpoint does not agree with the log")
        case .missingClosingCheckpoint:
            LocalizedText(
                fr: "époque de clé sans point de contrôle de clôture",
                en: "the key's epoch has no closing checkpoint")
        case .wrongOpening:
            LocalizedText(
                fr: "l’entrée 0 n’ouvre pas ce journal", en: "entry 0 does not open this log")
        case .differingCopy:
            LocalizedText(
                fr: "copie qui diffère du journal", en: "the copy differs from the log")
        case .malformedKey:
            LocalizedText(
                fr: "clé annoncée illisible", en: "the announced key is malformed")
        case .differingStanding:
            LocalizedText(
                fr: "ce que la purge a laissé en vigueur n’est pas ce que dit son entrée",
                en: "what the purge left in force is not what its entry says")
        case .malformedCosignatures:
            LocalizedText(
                fr: "cosignatures illisibles", en: "the cosignatures are malformed")
        case .invalidCosignature:
            LocalizedText(
                fr: "cosignature qui n’est pas du témoin qu’elle nomme",
                en: "a cosignature is not by the witness that it names")
        case .quorumNotMet:
            LocalizedText(
                fr: "aucun point de contrôle n’a les cosignatures que demande la politique",
                en: "no checkpoint has the cosignatures that the policy asks for")
        case .unlistedLog:
            LocalizedText(
                fr: "aucune clé de ce journal n’est sur une ligne `log` de la politique",
                en: "no key of this log is on a `log` line of the policy")
        case .malformedAnchor:
            LocalizedText(fr: "horodatage illisible", en: "the time stamp is malformed")
        case .anchorMismatch:
            LocalizedText(
                fr: "horodatage d’autre chose que ce point de contrôle",
                en: "the time stamp is over something else than this checkpoint")
        case .invalidAnchor:
            LocalizedText(
                fr: "horodatage sans signature valable de son autorité",
                en: "the time stamp has no valid signature of its authority")
        case .untrustedAnchor:
            LocalizedText(
                fr: "horodatage d’une autorité qu’aucune racine donnée n’habilite à horodater",
                en: "the time stamp is by no authority that a given root leads to")
        case .alteredAnchor:
            LocalizedText(
                fr: "horodatage différent de celui que le journal a consigné",
                en: "the time stamp is not the one that the log recorded")
        case .notAnchored:
            LocalizedText(
                fr: "aucun point de contrôle n’a d’horodatage valable des autorités données",
                en: "no checkpoint has a valid time stamp of the given authorities")
        }
    }

    /// What the reader can do next.
    public var remedy: LocalizedText {
        switch self {
        case .unreadableFile:
            LocalizedText(
                fr: "vérifiez les droits et le disque, puis recommencez",
                en: "check permissions and the disk, then try again")
        case .untrustedKey:
            LocalizedText(
                fr:
                    "donnez la clé remise à l’ouverture du journal\u{202F}; si c’est elle, ce journal en remplace un autre",
                en:
                    "give the key handed over when the log was opened; if it is that one, this log replaces another"
            )
        case .unlistedLog:
            LocalizedText(
                fr: "donnez la politique de ce journal, ou le journal que la politique nomme",
                en: "give the policy of this log, or the log that the policy names")
        case .quorumNotMet:
            LocalizedText(
                fr:
                    "demandez leur dernière tête aux témoins, puis lancez `vigie log cosign`\u{202F}; ne tenez pas ce journal pour sûr avant",
                en:
                    "ask the witnesses for their last head, then run `vigie log cosign`; do not rely on this log before"
            )
        case .untrustedAnchor:
            LocalizedText(
                fr:
                    "donnez les racines de l’autorité\u{202F}; si ce sont elles, ne vous y fiez pas",
                en: "give the roots of the authority; if they are, do not rely on this time stamp")
        case .notAnchored:
            LocalizedText(
                fr:
                    "lancez `vigie log anchor`\u{202F}; avant, aucune date extérieure ne couvre ce journal",
                en: "run `vigie log anchor`; no date from outside covers this log before")
        case .alteredTile, .differingCopy:
            LocalizedText(
                fr: "gardez une copie, puis reconstruisez ce fichier\u{202F}: les entrées font foi",
                en: "keep a copy, then rebuild this file: the entries are the evidence")
        default:
            LocalizedText(
                fr:
                    "ne modifiez rien, copiez le journal, et comparez avec une sauvegarde et avec les points de contrôle gardés ailleurs",
                en:
                    "change nothing, copy the log, and compare it with a backup and with the checkpoints kept elsewhere"
            )
        }
    }
}
