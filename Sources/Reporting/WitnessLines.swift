// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import TransparencyLog

/// What the witnesses of a reader's policy have seen, for a person and for a program.
struct WitnessLines {
    let report: WitnessReport

    /// The lines of the page.
    var lines: [LocalizedText] {
        var lines = report.head.statements.map(Self.line)
        if !report.head.isQuorum {
            lines.append(
                LocalizedText(
                    fr: "La tête n’a pas les cosignatures que demande la politique",
                    en: "The head does not have the cosignatures that the policy asks for"))
            if let witnessed = report.witnessed {
                lines.append(
                    LocalizedText(
                        fr: "Vu par les témoins\u{202F}: \(witnessed.treeSize) entrées",
                        en: "Seen by the witnesses: \(witnessed.treeSize) entries"))
                lines += report.cosigning.statements.map(Self.line)
            }
        }
        return lines
    }

    private static func line(_ statement: Cosigning.Statement) -> LocalizedText {
        let name = String(decoding: statement.witness.name, as: UTF8.self)
        let key = statement.witness.key.name
        let moment = moment(statement.seconds)
        return LocalizedText(
            fr: "Cosigné par \(name) (\(key)) le \(moment)",
            en: "Cosigned by \(name) (\(key)) on \(moment)")
    }

    /// Seconds since 1970 as a date, where the calendar reaches that far.
    private static func moment(_ seconds: UInt64) -> String {
        guard seconds < 253_402_300_800 else { return "\(seconds) s" }
        return Timestamp.format(Int64(seconds) * 1_000)
    }

    /// The member of the JSON document.
    var node: JSONNode {
        var members: [(String, JSONNode)] = [
            ("head_is_witnessed", .boolean(report.head.isQuorum)),
            ("head", .array(report.head.statements.map(Self.node))),
        ]
        if let witnessed = report.witnessed {
            members.append(("witnessed_size", .integer(Int64(clamping: witnessed.treeSize))))
            members.append(("witnessed_root", .string(witnessed.rootHash.hex)))
            members.append(("cosignatures", .array(report.cosigning.statements.map(Self.node))))
        }
        return .object(members)
    }

    private static func node(_ statement: Cosigning.Statement) -> JSONNode {
        .object([
            ("witness", .string(String(decoding: statement.witness.name, as: UTF8.self))),
            ("key", .string(statement.witness.key.text)),
            ("time", .integer(Int64(clamping: statement.seconds))),
        ])
    }
}
