// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import TransparencyLog

/// When authorities stamped a log, for a person and for a program.
struct AnchorLines {
    let report: AnchorReport

    /// The lines of the page: how many, the largest one, and until when it holds.
    var lines: [LocalizedText] {
        guard let latest = report.latest else { return [] }
        let moment = Timestamp.format(latest.time)
        let end = Self.moment(latest.authority.endsAt)
        let name = latest.authority.name
        return [
            LocalizedText(
                fr: "Horodatages valables\u{202F}: \(report.anchors.count)",
                en: "Valid time stamps: \(report.anchors.count)"),
            LocalizedText(
                fr: """
                    Horodaté\u{202F}: \(latest.treeSize) entrées existaient le \(moment), selon \(name)
                    """,
                en: "Time-stamped: \(latest.treeSize) entries existed on \(moment), says \(name)"),
            LocalizedText(
                fr: "À renouveler avant le \(end)", en: "To be renewed before \(end)"),
        ]
    }

    /// An instant as a date, where the calendar reaches that far.
    private static func moment(_ milliseconds: Int64) -> String {
        Timestamp.range.contains(milliseconds)
            ? Timestamp.format(milliseconds) : "\(milliseconds / 1_000) s"
    }

    /// The member of the JSON document.
    var node: JSONNode {
        var members: [(String, JSONNode)] = []
        if let latest = report.latest {
            members.append(("anchored_size", .integer(Int64(clamping: latest.treeSize))))
            members.append(("anchored_at", .string(Self.moment(latest.time))))
        }
        members.append(("time_stamps", .array(report.anchors.map(Self.node))))
        return .object(members)
    }

    private static func node(_ anchor: Anchor) -> JSONNode {
        var members: [(String, JSONNode)] = [
            ("size", .integer(Int64(clamping: anchor.treeSize))),
            ("time", .string(moment(anchor.time))),
            ("authority", .string(anchor.authority.name)),
            ("certificates_end", .string(moment(anchor.authority.endsAt))),
            ("in_force", .boolean(anchor.isInForce)),
        ]
        if let accuracy = anchor.accuracy { members.append(("accuracy_ms", .integer(accuracy))) }
        if let entry = anchor.recordedAt {
            members.append(("recorded_by", .integer(Int64(clamping: entry))))
        }
        return .object(members)
    }
}
