// SPDX-License-Identifier: Apache-2.0

import Conduct
import Configuration
import Diagnostics
import Yams

/// A configuration file: a mapping of known keys to texts, truth values and lists of texts.
struct SettingsFile {
    /// The values, for the layers of the configuration.
    private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]
    /// What is wrong with it.
    private(set) var errors: [SettingsError] = []

    /// Reads a file whole.
    ///
    /// - Throws: ``SettingsError`` if it is not there, and what reading throws.
    init(_ path: String) throws {
        let bytes = try TextFile.read(path, byteCountMax: 1 << 20)
        guard let text = String(validating: bytes, as: UTF8.self),
            let node = try? Yams.compose(yaml: text), let mapping = node.mapping
        else {
            errors = [SettingsError(.notYAML, path, at: .file(path))]
            return
        }
        for (keyNode, value) in mapping { read(keyNode, value, path) }
    }

    private mutating func read(_ keyNode: Node, _ value: Node, _ path: String) {
        var place = Place.file(path)
        if let mark = keyNode.mark {
            place = .text(file: path, line: mark.line, column: mark.column)
        }
        guard let name = keyNode.scalar?.string, let key = Settings.Key(rawValue: name) else {
            errors.append(SettingsError(.unknownKey, keyNode.scalar?.string ?? "?", at: place))
            return
        }
        let fault = SettingsError(.wrongValue, name, at: place)
        let content: ConfigContent
        if key.isList {
            let items = value.sequence.map { $0.map { $0.scalar?.string ?? "" } }
            let texts = items ?? value.scalar.map { [$0.string] } ?? []
            guard !texts.isEmpty, texts.allSatisfy({ !$0.isEmpty }) else {
                errors.append(fault)
                return
            }
            content = .stringArray(texts)
        } else if key == .record {
            guard let flag = value.scalar.flatMap({ Bool($0.string) }) else {
                errors.append(fault)
                return
            }
            content = .bool(flag)
        } else {
            guard let text = value.scalar?.string, !text.isEmpty else {
                errors.append(fault)
                return
            }
            content = .string(text)
        }
        values[AbsoluteConfigKey([name])] = ConfigValue(content, isSecret: false)
    }
}
