// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What a rule is about: findings are grouped and counted by it.
///
/// Its raw value is its code in tables and in the keys of cases.
public enum RuleFamily: UInt8, CaseIterable, Sendable {
    case purpose, entitlement, rights, governance, volume, record

    /// The family of a rule; rules that are not told apart here keep the log.
    ///
    /// - Parameter rule: The rule's identifier, `R15`.
    public init(ofRule rule: String) {
        self =
            switch rule {
            case "R01", "R02", "R03", "R06", "R07", "R16": .purpose
            case "R04", "R05", "R11", "R12", "R15", "R20", "R24": .entitlement
            case "R13", "R14", "R18", "R25", "R27": .rights
            case "R17", "R19", "R21", "R22", "R23", "R26", "R28", "R29", "R30", "R38": .governance
            case "R31", "R32", "R33", "R34": .volume
            default: .record
            }
    }

    /// Its name in tables, for machines.
    public var name: String { "\(self)" }

    /// Its name in words.
    public var title: LocalizedText {
        switch self {
        case .purpose: LocalizedText(fr: "Finalités et catégories", en: "Purposes and categories")
        case .entitlement:
            LocalizedText(fr: "Habilitations et périmètre", en: "Entitlements and scope")
        case .rights: LocalizedText(fr: "Droits des personnes", en: "Rights of persons")
        case .governance: LocalizedText(fr: "Gouvernance", en: "Governance")
        case .volume: LocalizedText(fr: "Volumes et exports", en: "Volumes and exports")
        case .record: LocalizedText(fr: "Tenue du journal", en: "Keeping of the log")
        }
    }
}
