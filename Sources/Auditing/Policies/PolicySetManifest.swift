// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Yams

/// What `policy-set.yaml` says.
struct PolicySetManifest {
    static let fileName = "policy-set.yaml"
    static let byteCountMax = 1 << 20

    var name = ""
    var title = LocalizedText(fr: "", en: "")
    var label = ""
    var defaultDenyRule = ""
    var files: [(path: String, place: Place)] = []
    /// Where the list of files is; nil if there is none.
    var place: Place?
    var parameters: [String: PolicySetFolder.Parameter] = [:]
    /// Where each parameter is, and under the empty name where all are.
    var parameterPlaces: [String: Place] = [:]
    var rules: [String: PolicySetFolder.Rule] = [:]

    /// Whether the lists are there that the other files are read by.
    var isReadable: Bool { place != nil && parameterPlaces[""] != nil }

    /// The text of a file; nil if it is not UTF-8 or too long.
    static func text(_ bytes: [UInt8]) -> String? {
        bytes.count <= byteCountMax ? String(validating: bytes, as: UTF8.self) : nil
    }

    /// Reads the manifest of an archive.
    ///
    /// - Throws: ``PolicySetErrors`` where its lists are not there: all that the other files say would
    ///   then seem wrong.
    static func read(
        _ archive: PolicyArchive, _ faults: inout [Diagnostic]
    ) throws(PolicySetErrors) -> PolicySetManifest {
        let place = Place.file(fileName)
        guard let bytes = archive[fileName] else {
            throw PolicySetErrors(
                diagnostics: [PolicySetError(.noManifest, fileName, at: place).diagnostic])
        }
        guard let text = text(bytes) else {
            throw PolicySetErrors(
                diagnostics: [PolicySetError(.notText, fileName, at: place).diagnostic])
        }
        var reader = YAMLReader(file: fileName)
        let manifest = reader.read(text)
        faults += reader.faults
        if reader.faults.isEmpty { EngineParameter.check(manifest, archive, &faults) }
        guard manifest.isReadable || faults.isEmpty else {
            throw PolicySetErrors(diagnostics: faults)
        }
        return manifest
    }
}

extension YAMLReader {
    /// Reads a manifest.
    fileprivate mutating func read(_ text: String) -> PolicySetManifest {
        var manifest = PolicySetManifest()
        guard let root = compose(text) else { return manifest }
        let keys = [
            "name", "title_fr", "title_en", "label", "default_deny_rule", "files", "parameters",
            "engine_rules",
        ]
        let fields = mapping(root, keys: keys)
        manifest.name = string(fields, "name", in: root)
        manifest.title = LocalizedText(
            fr: string(fields, "title_fr", in: root), en: string(fields, "title_en", in: root))
        manifest.label = string(fields, "label", in: root)
        manifest.defaultDenyRule = string(fields, "default_deny_rule", in: root)
        if let files = fields["files"] {
            guard let sequence = files.sequence else {
                fault(.wrongValue, "files", files); return manifest
            }
            manifest.place = place(files)
            for node in sequence {
                guard let path = node.scalar?.string else {
                    fault(.wrongValue, "files", node)
                    continue
                }
                manifest.files.append((path, place(node)))
            }
        } else {
            fault(.missingKey, "files", root)
        }
        manifest.parameterPlaces[""] = fields["parameters"].map { place($0) }
        for (name, node) in named(fields["parameters"]) {
            manifest.parameterPlaces[name] = place(node)
            manifest.parameters[name] = parameter(name, node)
        }
        for (name, node) in named(fields["engine_rules"]) {
            manifest.rules[name] = rule(node)
        }
        if !manifest.defaultDenyRule.isEmpty, manifest.rules[manifest.defaultDenyRule] == nil {
            fault(.missingKey, "engine_rules.\(manifest.defaultDenyRule)", root)
        }
        return manifest
    }

    private mutating func parameter(_ name: String, _ node: Node) -> PolicySetFolder.Parameter {
        let fields = mapping(node, keys: ["value", "provenance", "basis"])
        var parameter = PolicySetFolder.Parameter(
            number: nil, codes: [], provenance: provenance(fields, in: node),
            basis: string(fields, "basis", in: node))
        if let sequence = fields["value"]?.sequence {
            parameter.codes = sequence.compactMap { $0.scalar?.string }
            if parameter.codes.count != sequence.count { fault(.wrongValue, name, node) }
        } else if let text = fields["value"]?.scalar?.string, let number = Int(text),
            (0...1_000_000).contains(number)
        {
            parameter.number = number
        } else {
            fault(fields["value"] == nil ? .missingKey : .wrongValue, "value", node)
        }
        return parameter
    }

    private mutating func rule(_ node: Node) -> PolicySetFolder.Rule {
        let keys = ["title_fr", "title_en", "basis", "severity", "provenance"]
        let fields = mapping(node, keys: keys)
        let severity = Finding.Severity(rawValue: string(fields, "severity", in: node))
        if severity == nil { fault(.wrongValue, "severity", node) }
        return PolicySetFolder.Rule(
            title: LocalizedText(
                fr: string(fields, "title_fr", in: node), en: string(fields, "title_en", in: node)),
            basis: string(fields, "basis", in: node), severity: severity ?? .high,
            provenance: provenance(fields, in: node))
    }

    private mutating func provenance(
        _ fields: [String: Node], in node: Node
    ) -> Finding.Provenance {
        let value = Finding.Provenance(rawValue: string(fields, "provenance", in: node))
        if value == nil { fault(.wrongValue, "provenance", node) }
        return value ?? .assumption
    }
}
