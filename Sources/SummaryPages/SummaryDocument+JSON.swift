// SPDX-License-Identifier: Apache-2.0

import Cedar
import Cryptography
public import Disclosure
import Reporting
import TransparencyLog

extension SummaryDocument {
    /// The form that programs read, and that the ledger keeps.
    public static let kind = "vigie-summary"

    /// The document as JSON; nothing in it can end the element of a page that holds it.
    public var json: String {
        let figures = self.figures.map { figure -> JSONNode in
            .object([
                ("id", .string(figure.id.text)),
                ("value", figure.value.map { .integer($0) } ?? .null),
            ])
        }
        let parameters = self.parameters.map { parameter -> JSONNode in
            .object([
                ("name", .string(parameter.name)), ("value", .integer(Int64(parameter.value))),
                ("provenance", .string(parameter.provenance)),
                ("basis", .string(parameter.basis)),
            ])
        }
        let node = JSONNode.object([
            ("schema_version", .integer(1)), ("kind", .string(Self.kind)),
            ("request", .string(request)),
            ("corrects", correction.map { .string($0.release) } ?? .null),
            ("body", .string(body)),
            ("perimeter", .string(perimeter.text)), ("period", .string(period.text)),
            (
                "log",
                .object([
                    ("origin", .string(origin)), ("size", .integer(Int64(clamping: treeSize))),
                    ("root", .string(rootHash.hex)),
                    ("recorded_until", .string(Timestamp.format(recordedUntil))),
                ])
            ),
            ("policy_version", .string(policyVersion)), ("parameters", .array(parameters)),
            ("rules", .array(rules.texts.map { .string($0) })),
            ("epsilon_milli", .integer(Int64(epsilonMilli))),
            ("late_events", .integer(lateCount)),
            ("masked", .integer(Int64(maskedCount))),
            ("tables", .array(tables.map { .string($0.layout.id) })),
            ("figures", .array(figures)),
        ])
        return node.rendered().split(separator: "<", omittingEmptySubsequences: false)
            .joined(separator: "\\u003c")
    }
}

extension Release {
    /// The greatest size of a released document, in bytes.
    public static let byteCountMax = 1 << 24

    /// Reads what a released document binds those that follow to.
    ///
    /// - Throws: ``DisclosureError`` if the text is not such a document.
    public init(parsing text: String, name: String) throws(DisclosureError) {
        let broken = DisclosureError(.brokenLedger, name)
        guard text.utf8.count <= Self.byteCountMax else { throw broken }
        let json: JSONValue
        do throws(CedarErrors) {
            json = try JSONValue(parsing: text, file: name)
        } catch { throw broken }
        func string(_ key: String, in value: JSONValue? = nil) throws(DisclosureError) -> String {
            guard case .string(let text) = (value ?? json)[key] else { throw broken }
            return text
        }
        func number(_ value: JSONValue?) throws(DisclosureError) -> Int64 {
            guard case .int(let number) = value else { throw broken }
            return number
        }
        guard try string("kind") == SummaryDocument.kind,
            try number(json["schema_version"]) == 1,
            case .array(let tables) = json["tables"], case .array(let rules) = json["rules"],
            case .array(let figures) = json["figures"]
        else { throw broken }
        var names: [String] = []
        for table in tables {
            guard case .string(let name) = table else { throw broken }
            names.append(name)
        }
        self.init(
            name: name, body: try string("body"),
            perimeter: try Perimeter(parsing: string("perimeter")),
            period: try ReportingPeriod(parsing: string("period")), tables: names)
        var values: [String: Int] = [:]
        for rule in rules {
            guard case .string(let text) = rule else { throw broken }
            let parts = text.split(separator: "=").map(String.init)
            guard parts.count == 2, let value = Int(parts[1]) else { throw broken }
            values[parts[0]] = value
        }
        self.rules = DisclosureRules { values[$0] }
        request = try string("request")
        if case .string(let release) = json["corrects"] { corrects = release }
        treeSize = UInt64(clamping: try number(json["log"]?["size"]))
        epsilonMilli = Int(clamping: try number(json["epsilon_milli"]))
        for figure in figures {
            let id = try FigureID(parsing: string("id", in: figure))
            if case .null = figure["value"] {
                self.figures.append(Figure(id, value: nil))
            } else {
                let value = try number(figure["value"])
                guard value >= 0 || self.rules.epsilonMilli > 0 else { throw broken }
                self.figures.append(Figure(id, value: value))
            }
        }
    }
}
