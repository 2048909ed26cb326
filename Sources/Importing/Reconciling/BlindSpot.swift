// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Diagnostics
import TransparencyLog

/// A difference between what a vendor says of a seat and what the log says: one of the two did not
/// see something.
///
/// It says how far the two are apart, and never how often a seat was used: no table of an adviser's
/// activity can be made of it.
public struct BlindSpot: Hashable, Sendable {
    /// The kinds of difference, with raw values that never change.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// The vendor counts more than the log: what the log did not see.
        case unlogged = "REC101"
        /// The log counts more than the vendor: what the vendor did not see, or counts otherwise.
        case unbilled = "REC102"
        /// A seat is billed, and no licence was granted (rule X04).
        case billedOnly = "REC103"
        /// A licence is granted, and no seat is billed (rule X04).
        case grantedOnly = "REC104"
    }

    /// The kind.
    public var kind: Kind
    /// The seat: a licence's number.
    public var seat: String
    /// The day, `YYYY-MM-DD`; nil where the difference is one of a list of seats.
    public var day: String?
    /// The type of event that is counted.
    public var type: String?
    /// By how much the two counts differ.
    public var difference: Int64?

    /// What tells this difference from any other, the same in every run.
    public var fingerprint: String {
        let text = [kind.rawValue, seat, day ?? "", type ?? ""].joined(separator: "\n")
        return String(SHA256Hasher().hash(Array(text.utf8)).hex.prefix(16))
    }

    /// The difference in words.
    public var diagnostic: Diagnostic {
        Diagnostic(
            .warning, code: kind.rawValue, place: .nowhere, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        let (day, type, count) = (day ?? "", type ?? "", difference ?? 0)
        switch kind {
        case .unlogged:
            return LocalizedText(
                fr:
                    "angle mort\u{202F}: \(seat), \(day), \(type)\u{202F}: \(count) de plus chez l’éditeur",
                en: "blind spot: \(seat), \(day), \(type): \(count) more with the vendor")
        case .unbilled:
            return LocalizedText(
                fr:
                    "angle mort\u{202F}: \(seat), \(day), \(type)\u{202F}: \(count) de plus au journal",
                en: "blind spot: \(seat), \(day), \(type): \(count) more in the log")
        case .billedOnly:
            return LocalizedText(
                fr: "X04\u{202F}: siège \(seat) facturé, sans licence attribuée",
                en: "X04: seat \(seat) is billed, and no licence was granted")
        case .grantedOnly:
            return LocalizedText(
                fr: "X04\u{202F}: licence \(seat) attribuée, sans siège facturé",
                en: "X04: licence \(seat) was granted, and no seat is billed")
        }
    }

    private var remedy: LocalizedText {
        switch kind {
        case .unlogged:
            LocalizedText(
                fr: "cherchez quel accès échappe au connecteur, puis importez ce qui manque",
                en: "find which access escapes the connector, then import what is missing")
        case .unbilled:
            LocalizedText(
                fr: "demandez à l’éditeur comment il compte, et où commence sa journée",
                en: "ask the vendor how it counts, and where its day begins")
        case .billedOnly, .grantedOnly:
            LocalizedText(
                fr: "rapprochez ce siège de la liste des licences",
                en: "compare this seat with the list of licences")
        }
    }
}
