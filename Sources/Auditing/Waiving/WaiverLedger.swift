// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics
import TransparencyLog

/// The waivers of a log, folded in its order, and what became of each.
struct WaiverLedger: Sendable {
    private(set) var waivers: [Waiver] = []
    /// What ended waivers, in the order of the log: it may come in another part than the grant.
    private(set) var endings: [Ending] = []

    /// An entry that ends a waiver.
    struct Ending: Hashable, Sendable {
        var correlates: String
        var time: Int64
        var isRevocation: Bool
    }

    /// Takes in an entry that grants or ends a waiver, if its required fields are there.
    mutating func record(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        guard let rule = entry.string(.rule) else { return }
        guard type == .waiverGrant else {
            guard let granted = entry.string(.correlates) else { return }
            endings.append(
                Ending(
                    correlates: granted, time: entry.occurredAt,
                    isRevocation: type == .waiverRevoke))
            return
        }
        guard let owner = entry.string(.owner), let approver = entry.string(.approver),
            let from = entry.timestamp(.validFrom), let until = entry.timestamp(.validUntil)
        else { return }
        let place = Finding.EntryReference(
            index: entry.index, byteOffset: UInt64(entry.byteOffset), leafHash: entry.leafHash)
        waivers.append(
            Waiver(
                id: entry.string(.id) ?? "", entry: place, rule: rule,
                scope: WaiverScope(entry.strings(.scope)), reason: entry.string(.reasonCode) ?? "",
                owner: owner, approver: approver, grantedAt: entry.occurredAt, validFrom: from,
                validUntil: until))
    }

    mutating func add(_ other: WaiverLedger) {
        waivers += other.waivers
        endings += other.endings
    }

    mutating func add(_ waiver: Waiver) { waivers.append(waiver) }
    mutating func add(_ ending: Ending) { endings.append(ending) }

    /// Marks the findings that waivers cover, and reports what is wrong with waivers.
    ///
    /// - Parameters:
    ///   - findings: All findings, with their actors.
    ///   - end: When the last event of the log occurred.
    ///   - countMax: How many findings a waiver may cover before it is too wide.
    /// - Returns: The waivers as they stand, and the findings about them.
    consuming func apply(
        to findings: inout [Finding], end: Int64, countMax: Int
    ) -> (waivers: [Waiver], findings: [Finding]) {
        close()
        var places: [String: [Int]] = [:]
        for place in waivers.indices where waivers[place].faults.isEmpty {
            places[waivers[place].rule, default: []].append(place)
        }
        for place in findings.indices {
            let finding = findings[place]
            for number in places[finding.rule] ?? [] where waivers[number].covers(finding) {
                waivers[number].coveredCount += 1
                guard findings[place].waiver == nil else { continue }
                findings[place].waiver = .init(
                    id: waivers[number].id, index: waivers[number].entry.index)
            }
        }
        let about = waivers.flatMap { WaiverFindings.about($0, end: end, countMax: countMax) }
        return (waivers, about)
    }

    /// Ends the waivers that were revoked or closed; one ends only what was granted before.
    private mutating func close() {
        for ending in endings {
            for place in waivers.indices
            where waivers[place].id.utf8.elementsEqual(ending.correlates.utf8) {
                if ending.isRevocation {
                    waivers[place].revokedAt = min(ending.time, waivers[place].revokedAt ?? .max)
                }
                waivers[place].isClosed = true
            }
        }
    }
}

/// The findings about a waiver itself: `W01` invalid, `W02` unused, `W03` too wide, `W04` expired.
enum WaiverFindings {
    static func about(_ waiver: Waiver, end: Int64, countMax: Int) -> [Finding] {
        let faults = waiver.faults
        guard faults.isEmpty else {
            let french = faults.map(\.text.french).joined(separator: ", ")
            let english = faults.map(\.text.english).joined(separator: ", ")
            return [
                finding(
                    "W01", .high, waiver,
                    LocalizedText(
                        fr: "La dérogation ne couvre rien\u{202F}: \(french).",
                        en: "The waiver covers nothing: \(english)."))
            ]
        }
        var findings: [Finding] = []
        let isOver = waiver.period.upperBound <= end
        if isOver, waiver.coveredCount == 0 {
            findings.append(
                finding(
                    "W02", .low, waiver,
                    LocalizedText(
                        fr: "La dérogation est arrivée à son terme sans rien couvrir.",
                        en: "The waiver came to its end and covered nothing.")))
        }
        if waiver.scope.isWholeRule {
            findings.append(
                finding(
                    "W03", .medium, waiver,
                    LocalizedText(
                        fr: "La dérogation couvre la règle entière, sans portée.",
                        en: "The waiver covers the whole rule: it has no scope.")))
        } else if waiver.coveredCount > countMax {
            let count = waiver.coveredCount
            findings.append(
                finding(
                    "W03", .medium, waiver,
                    LocalizedText(
                        fr: "La dérogation couvre \(count) constats, plus que \(countMax).",
                        en: "The waiver covers \(count) findings, more than \(countMax).")))
        }
        if isOver, !waiver.isClosed {
            findings.append(
                finding(
                    "W04", .low, waiver,
                    LocalizedText(
                        fr: "La dérogation a expiré, et personne ne l’a close ni renouvelée.",
                        en: "The waiver expired, and nobody closed or renewed it.")))
        }
        return findings
    }

    private static let titles: [String: LocalizedText] = [
        "W01": LocalizedText(fr: "Dérogation invalide", en: "Invalid waiver"),
        "W02": LocalizedText(fr: "Dérogation inutilisée", en: "Unused waiver"),
        "W03": LocalizedText(fr: "Dérogation trop large", en: "Waiver too wide"),
        "W04": LocalizedText(fr: "Dérogation expirée", en: "Expired waiver"),
    ]

    private static func finding(
        _ rule: String, _ severity: Finding.Severity, _ waiver: Waiver,
        _ explanation: LocalizedText
    ) -> Finding {
        var finding = Finding(
            rule: rule, severity: severity, kind: .governance, entry: waiver.entry,
            eventType: EventType.waiverGrant.name)
        finding.title = titles[rule] ?? finding.title
        finding.basis = "RGPD 5(2)"
        finding.occurredAt = waiver.grantedAt
        finding.explanation = explanation
        return finding
    }
}
