// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Yams

/// Reads the YAML of sheets, and says where each fault is.
struct RuleSheetReader {
    let file: String
    var faults: [Diagnostic] = []

    init(file: String) { self.file = file }

    mutating func compose(_ bytes: [UInt8]) -> Node? {
        guard bytes.count < 1 << 20, let text = String(validating: bytes, as: UTF8.self) else {
            fault(.notYAML, file, at: .file(file))
            return nil
        }
        do {
            if let node = try Yams.compose(yaml: text) { return node }
            fault(.notYAML, file, at: .file(file))
        } catch YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _)
        {
            fault(
                .notYAML, file, at: .text(file: file, line: mark.line, column: mark.column))
        } catch {
            // Other errors of the YAML reader have no place: the file as a whole is wrong.
            fault(.notYAML, file, at: .file(file))
        }
        return nil
    }

    mutating func fault(_ fault: RuleSheetFault, _ subject: String, at place: Place) {
        let (french, english, remedy) = fault.words
        faults.append(
            Diagnostic(
                code: fault.rawValue, place: place,
                message: LocalizedText(
                    fr: "\(french) `\(subject)`", en: "\(english) `\(subject)`"),
                remedy: remedy))
    }

    mutating func fault(_ fault: RuleSheetFault, _ subject: String, _ node: Node) {
        self.fault(fault, subject, at: place(node))
    }

    func place(_ node: Node) -> Place {
        guard let mark = node.mark else { return .file(file) }
        return .text(file: file, line: mark.line, column: mark.column)
    }

    mutating func mapping(_ node: Node, keys: [String]) -> [String: Node] {
        guard let mapping = node.mapping else {
            fault(.wrongValue, node.scalar?.string ?? "[…]", node)
            return [:]
        }
        var fields: [String: Node] = [:]
        for (keyNode, value) in mapping {
            let key = keyNode.scalar?.string ?? "?"
            if keys.contains(key) { fields[key] = value } else { fault(.unknownKey, key, keyNode) }
        }
        return fields
    }

    mutating func text(_ fields: [String: Node], _ key: String, in node: Node) -> String {
        guard let value = fields[key] else {
            fault(.missingKey, key, node)
            return ""
        }
        guard let text = value.scalar?.string, !text.isEmpty else {
            fault(.wrongValue, key, value)
            return ""
        }
        return text
    }

    mutating func sentence(
        _ node: Node?, _ language: Language, _ setting: RuleSentence.Setting
    ) -> RuleSentence? {
        guard let node, let text = node.scalar?.string else { return nil }
        do throws(SentenceError) {
            return try RuleSentence(text, language: language, setting: setting)
        } catch {
            faults.append(error.diagnostic(file: file, line: node.mark?.line ?? 1))
            return nil
        }
    }
}

extension RuleSheetReader {
    /// The two sentences of a sheet, which must say the same.
    mutating func sentences(
        _ fields: [String: Node], _ id: String, in root: Node, _ setting: RuleSentence.Setting
    ) -> (pattern: RulePattern, variables: [String])? {
        let french = sentence(fields["sentence_fr"], .french, setting)
        let english = sentence(fields["sentence_en"], .english, setting)
        if let french, let english, french.pattern != english.pattern {
            fault(.sentencesDiffer, id, fields["sentence_en"] ?? root)
        }
        return french.map { ($0.pattern, $0.variables) }
    }

    /// The evaluator that a sheet names, with its parts and values.
    mutating func named(
        _ fields: [String: Node], in root: Node, _ setting: RuleSentence.Setting
    ) -> NamedRule? {
        let text = text(fields, "evaluator", in: root)
        guard let name = NamedRule.Name(rawValue: text) else {
            fault(.wrongValue, text, fields["evaluator"] ?? root)
            return nil
        }
        let played = fields["parts"].map { mapping($0, keys: name.partNames) } ?? [:]
        var parts: [NamedRule.Part] = []
        for (number, part) in name.partNames.enumerated() {
            guard let node = played[part], let text = node.scalar?.string else {
                fault(.missingKey, part, fields["parts"] ?? root)
                continue
            }
            do throws(SentenceError) {
                for selector in try EventSelector.list(text, setting) {
                    guard name.widths[number].contains(selector.key.count) else {
                        fault(.wrongValue, part, node)
                        continue
                    }
                    parts.append(NamedRule.Part(number: number, selector: selector))
                }
            } catch {
                faults.append(error.diagnostic(file: file, line: node.mark?.line ?? 1))
            }
        }
        let given = fields["values"].map { mapping($0, keys: name.valueNames) } ?? [:]
        var values: [Int64] = []
        for key in name.valueNames {
            guard let node = given[key], let text = node.scalar?.string else {
                fault(.missingKey, key, fields["values"] ?? root)
                continue
            }
            var value = Int64(text)
            if text.hasPrefix("$"),
                case .number(let number) = setting.parameters[
                    String(text.dropFirst())]
            {
                value = number
            }
            if let value { values.append(value) } else { fault(.wrongValue, text, node) }
        }
        return NamedRule(name, parts: parts, values: values)
    }
}

extension EventSelector {
    /// The selectors of events joined by "or", keyed by the variables that each binds.
    static func list(
        _ text: String, _ setting: RuleSentence.Setting
    ) throws(SentenceError) -> [EventSelector] {
        var parser = try SentenceParser(text, .english, setting)
        let events = try parser.events()
        try parser.expectEnd()
        return events.items.map { item in
            var selector = item.selector
            selector.key = item.bindings.map(\.field)
            return selector
        }
    }
}
