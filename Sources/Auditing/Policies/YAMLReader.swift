// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Yams

/// Reads nodes of YAML, and says where each fault is.
struct YAMLReader {
    let file: String
    var faults: [Diagnostic] = []

    /// The first document of a text.
    mutating func compose(_ text: String) -> Node? {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
        } catch YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _)
        {
            let place = Place.text(file: file, line: mark.line, column: mark.column)
            faults.append(PolicySetError(.notYAML, file, at: place).diagnostic)
            return nil
        } catch {
            // Any other error of the YAML reader has no place: the file as a whole is wrong.
        }
        faults.append(PolicySetError(.notYAML, file, at: .file(file)).diagnostic)
        return nil
    }

    mutating func string(
        _ fields: [String: Node], _ key: String, in node: Node
    ) -> String {
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

    /// The values of a mapping by key; a key that is not in `keys` is a fault.
    mutating func mapping(_ node: Node, keys: [String]) -> [String: Node] {
        var fields: [String: Node] = [:]
        for (key, value, keyNode) in pairs(node) {
            if keys.contains(key) { fields[key] = value } else { fault(.unknownKey, key, keyNode) }
        }
        return fields
    }

    mutating func named(_ node: Node?) -> [(String, Node)] {
        guard let node else { return [] }
        return pairs(node).map { ($0.key, $0.value) }
    }

    mutating func pairs(_ node: Node) -> [(key: String, value: Node, keyNode: Node)] {
        guard let mapping = node.mapping else {
            fault(.wrongValue, node.scalar?.string ?? "[…]", node)
            return []
        }
        var pairs: [(key: String, value: Node, keyNode: Node)] = []
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                fault(.wrongValue, "?", keyNode)
                continue
            }
            pairs.append((key, value, keyNode))
        }
        return pairs
    }

    mutating func fault(_ code: PolicySetError.Code, _ name: String, _ node: Node) {
        faults.append(PolicySetError(code, name, at: place(node)).diagnostic)
    }

    func place(_ node: Node) -> Place {
        guard let mark = node.mark else { return .file(file) }
        return .text(file: file, line: mark.line, column: mark.column)
    }
}
