// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Something that an intact log says of itself, and that somebody must look at.
public struct LogFinding: Hashable, Sendable {
    /// The kinds of finding, with raw values that never change.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Entries were purged that were younger than the retention allows, or may have been.
        case purgedTooEarly = "LOG251"
        /// A purge names entries that an earlier one names.
        case purgedTwice = "LOG252"
        /// Entries that a purge names are still there, or there again.
        case purgedAndPresent = "LOG253"
        /// The log was restored from a copy that lacked entries already signed.
        case restored = "LOG254"
        /// A time stamp was not renewed before its authority's certificates ended.
        case anchorLapsed = "LOG255"
        /// The checkpoint that ends an epoch is lost, and a restoration stands for it.
        case unclosedEpoch = "LOG256"
    }

    /// The kind.
    public var kind: Kind
    /// The entry that says it.
    public var index: UInt64
    /// The entries concerned; none, after the first, where their number is not known.
    public var entries: Range<UInt64>

    /// The finding in words.
    public var diagnostic: Diagnostic {
        Diagnostic(
            .warning, code: kind.rawValue,
            place: .nowhere, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        let (first, last) = (
            entries.lowerBound, entries.isEmpty ? entries.lowerBound : entries.upperBound - 1
        )
        switch kind {
        case .purgedTooEarly:
            return LocalizedText(
                fr:
                    "entrée \(index)\u{202F}: purge de \(first) à \(last) avant le délai de conservation",
                en: "entry \(index): purge of \(first) to \(last) before the retention had passed")
        case .purgedTwice:
            return LocalizedText(
                fr: "entrée \(index)\u{202F}: purge de \(first) à \(last), déjà purgées en partie",
                en: "entry \(index): purge of \(first) to \(last), some of them purged before")
        case .purgedAndPresent:
            return LocalizedText(
                fr:
                    "entrée \(index)\u{202F}: \(first) à \(last) sont purgées, et pourtant présentes",
                en: "entry \(index): \(first) to \(last) are purged, and yet present")
        case .restored where entries.isEmpty:
            return LocalizedText(
                fr: """
                    entrée \(index)\u{202F}: journal restauré, des entrées signées puis perdues à partir \
                    de \(first), en nombre inconnu
                    """,
                en: """
                    entry \(index): log restored, entries from \(first) on signed and then lost, their \
                    number is not known
                    """)
        case .restored:
            return LocalizedText(
                fr:
                    "entrée \(index)\u{202F}: journal restauré, entrées \(first) à \(last) signées puis perdues",
                en: "entry \(index): log restored, entries \(first) to \(last) signed and then lost"
            )
        case .unclosedEpoch:
            return LocalizedText(
                fr: """
                    entrée \(index)\u{202F}: le point de contrôle de taille \(first), qui clôt l’époque, \
                    est perdu\u{202F}; la reprise consignée par l’entrée \(first) en tient lieu
                    """,
                en: """
                    entry \(index): the checkpoint of size \(first), which closes the epoch, is lost; the \
                    restoration that entry \(first) records stands for it
                    """)
        case .anchorLapsed:
            return LocalizedText(
                fr:
                    "horodatage des entrées \(first) à \(last) non renouvelé à la fin du certificat",
                en:
                    "time stamp over entries \(first) to \(last) not renewed when its certificate ended"
            )
        }
    }

    private var remedy: LocalizedText {
        switch kind {
        case .purgedTooEarly, .purgedTwice:
            LocalizedText(
                fr: "demandez au demandeur et à l’approbateur de cette entrée de s’expliquer",
                en: "ask the requester and the approver of that entry to explain it")
        case .purgedAndPresent:
            LocalizedText(
                fr: """
                    lancez `vigie log recover`, qui les retire de nouveau, ou sur un miroir `vigie log \
                    publish`\u{202F}; cherchez quelle sauvegarde est revenue
                    """,
                en: """
                    run `vigie log recover`, which removes them again, or on a mirror `vigie log \
                    publish`; find out which backup came back
                    """)
        case .restored, .unclosedEpoch:
            LocalizedText(
                fr: "comparez avec les points de contrôle que d’autres ont gardés",
                en: "compare with the checkpoints that others kept")
        case .anchorLapsed:
            LocalizedText(
                fr: "lancez `vigie log anchor` avec une autorité dont le certificat est en cours",
                en: "run `vigie log anchor` with an authority whose certificate is current")
        }
    }
}

/// Up to when purges hide what happened, in milliseconds since 1970.
public struct HiddenTime: Hashable, Sendable {
    /// What was purged was recorded before that.
    public var before: Int64
    /// The state of the world at an earlier instant is not known.
    ///
    /// That of later ones is, from what the last purge left in force. `Int64.max` if one left nothing:
    /// then no state is known for certain, since what went no later purge brings back.
    public var stateBefore: Int64

    /// Names the instants.
    public init(before: Int64, stateBefore: Int64) {
        (self.before, self.stateBefore) = (before, stateBefore)
    }
}

/// Entries whose bytes were deleted, and the entry that says so; their hashes are still there.
public struct PurgedRange: Hashable, Sendable {
    /// The entries.
    public var entries: Range<UInt64>
    /// The `retention.purge` entry.
    public var index: UInt64
}
