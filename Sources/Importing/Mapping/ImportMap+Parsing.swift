// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TransparencyLog
import Yams

extension ImportMap {
    /// Parses a map.
    ///
    /// - Parameters:
    ///   - text: The file's text.
    ///   - file: Its name, for the place of a fault.
    /// - Throws: ``ImportMapError``, at the first fault.
    public init(parsing text: String, file: String) throws(ImportMapError) {
        self.init()
        let parser = MapParser(file: file)
        let top = try parser.fields(of: parser.compose(text))
        for (key, node) in top {
            switch key.name {
            case "source": source = try parser.code(node, "source")
            case "separator": separator = try parser.separator(node)
            case "type": type = try parser.rule(node, "type", constant: true)
            case "occurred_at": occurredAt = try parser.rule(node, "occurred_at")
            case "id": id = try parser.rule(node, "id")
            case "fields": fields = try parser.eventFields(node)
            case "skip": skip = try parser.skip(node)
            case "drop": (drop, dropPrefixes) = try parser.drop(node)
            case "sum": sums = try parser.sums(node)
            default: throw ImportMapError(.unknownKey, key.place, fact: key.name)
            }
        }
        let names = Set(top.map { $0.key.name })
        let needed = sums.isEmpty ? ["source", "type", "occurred_at"] : ["source", "occurred_at"]
        for name in needed where !names.contains(name) {
            throw ImportMapError(.missingKey, .file(file), fact: name)
        }
        // Totals are claims of the vendor's, and nothing of a record is in them.
        guard sums.isEmpty || names.isDisjoint(with: ["type", "fields", "id"]) else {
            throw ImportMapError(.wrongValue, .file(file), fact: "sum")
        }
    }
}

/// Reads the nodes of a map.
struct MapParser {
    let file: String

    struct Key {
        var name: String
        var place: Place
    }

    func compose(_ text: String) throws(ImportMapError) -> Node {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
        } catch YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _)
        {
            throw ImportMapError(
                .notYAML, .text(file: file, line: mark.line, column: mark.column))
        } catch {
            // Any other error of the YAML reader has no place: the file as a whole is wrong.
        }
        throw ImportMapError(.notYAML, .file(file))
    }

    func place(_ node: Node) -> Place {
        guard let mark = node.mark else { return .file(file) }
        return .text(file: file, line: mark.line, column: mark.column)
    }

    func fields(of node: Node, _ name: String = "") throws(ImportMapError) -> [(key: Key, Node)] {
        guard let mapping = node.mapping else {
            throw ImportMapError(.wrongValue, place(node), fact: name)
        }
        var pairs: [(key: Key, Node)] = []
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                throw ImportMapError(.wrongValue, place(keyNode), fact: name)
            }
            pairs.append((Key(name: key, place: place(keyNode)), value))
        }
        return pairs
    }

    func text(_ node: Node, _ name: String) throws(ImportMapError) -> String {
        guard let text = node.scalar?.string, !text.isEmpty else {
            throw ImportMapError(.wrongValue, place(node), fact: name)
        }
        return text
    }

    /// A word of the map itself, which may stand in an entry.
    func code(_ node: Node, _ name: String) throws(ImportMapError) -> String {
        let text = try text(node, name)
        guard CodeText.isPlain(text.utf8), text.utf8.count <= 128 else {
            throw ImportMapError(.wrongValue, place(node), fact: name)
        }
        return text
    }

    func separator(_ node: Node) throws(ImportMapError) -> UInt8 {
        let text = try text(node, "separator")
        guard [",", ";", "\t", "|"].contains(text), let byte = text.utf8.first else {
            throw ImportMapError(.wrongValue, place(node), fact: "separator")
        }
        return byte
    }

    /// A rule, or a word that is the same for every record.
    func rule(
        _ node: Node, _ name: String, constant: Bool = false
    ) throws(ImportMapError) -> FieldRule {
        if constant, node.scalar != nil { return .constant(try code(node, name)) }
        var rule = FieldRule(from: nil, reading: .code)
        var hasReading = false
        for (key, value) in try fields(of: node, name) {
            switch key.name {
            case "from": rule.from = try text(value, "from")
            case "as":
                guard let reading = FieldRule.Reading(rawValue: try text(value, "as")),
                    reading != .word
                else { throw ImportMapError(.wrongValue, place(value), fact: "as") }
                (rule.reading, hasReading) = (reading, true)
            case "values":
                for (foreign, word) in try fields(of: value, "values") {
                    rule.words[foreign.name] = try code(word, "values")
                }
            case "prefix": rule.prefix = try code(value, "prefix")
            default: throw ImportMapError(.unknownKey, key.place, fact: key.name)
            }
        }
        guard rule.from != nil else {
            throw ImportMapError(.missingKey, place(node), fact: "from")
        }
        guard rule.words.isEmpty == hasReading else {
            throw ImportMapError(.wrongValue, place(node), fact: "values")
        }
        if !rule.words.isEmpty { rule.reading = .word }
        return rule
    }

    func eventFields(
        _ node: Node
    ) throws(ImportMapError) -> [(field: EntryField, rule: FieldRule)] {
        var found: [(field: EntryField, rule: FieldRule)] = []
        for (key, value) in try fields(of: node, "fields") {
            guard let field = EventField.named(key.name) else {
                throw ImportMapError(.unknownKey, key.place, fact: key.name)
            }
            let rule = try rule(value, key.name, constant: true)
            guard EventField.takes(field, rule.reading) else {
                throw ImportMapError(.wrongValue, place(value), fact: key.name)
            }
            found.append((field, rule))
        }
        return found
    }

    func skip(_ node: Node) throws(ImportMapError) -> ImportMap.Skip {
        var skip = ImportMap.Skip(from: "", values: [])
        for (key, value) in try fields(of: node, "skip") {
            switch key.name {
            case "from": skip.from = try text(value, "from")
            case "values": skip.values = Set(try list(value, "values"))
            default: throw ImportMapError(.unknownKey, key.place, fact: key.name)
            }
        }
        guard !skip.from.isEmpty, !skip.values.isEmpty else {
            throw ImportMapError(.missingKey, place(node), fact: "skip")
        }
        return skip
    }

    private func list(_ node: Node, _ name: String) throws(ImportMapError) -> [String] {
        guard let sequence = node.sequence else {
            throw ImportMapError(.wrongValue, place(node), fact: name)
        }
        var texts: [String] = []
        for item in sequence { texts.append(try text(item, name)) }
        return texts
    }

    func drop(_ node: Node) throws(ImportMapError) -> (Set<String>, [String]) {
        let names = try list(node, "drop")
        let beginnings = names.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
        return (Set(names.filter { !$0.hasSuffix("*") }), beginnings)
    }

    func sums(_ node: Node) throws(ImportMapError) -> [(reference: String, column: String)] {
        var sums: [(reference: String, column: String)] = []
        for (key, value) in try fields(of: node, "sum") {
            guard CodeText.isPlain(key.name.utf8) else {
                throw ImportMapError(.wrongValue, key.place, fact: key.name)
            }
            sums.append((key.name, try text(value, key.name)))
        }
        return sums
    }
}
