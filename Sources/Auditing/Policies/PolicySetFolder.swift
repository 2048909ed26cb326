// SPDX-License-Identifier: Apache-2.0

public import Cedar
public import Cryptography
public import Diagnostics
public import TemporalPolicies
import TemporalRules

/// A policy set as its folder says it: the policies, and everything said about them.
///
/// ``init(_:)`` reads it from files in memory and collects every fault before it fails.
public struct PolicySetFolder: Sendable {
    /// What is said about a rule.
    public struct Rule: Hashable, Sendable {
        /// The title.
        public var title: LocalizedText
        /// The legal basis.
        public var basis: String
        /// How much a violation matters.
        public var severity: Finding.Severity
        /// Where the rule comes from.
        public var provenance: Finding.Provenance
    }

    /// A value that a lawyer could argue about.
    public struct Parameter: Hashable, Sendable {
        /// A whole number, for a parameter that is one.
        public var number: Int?
        /// The codes, for a parameter that is a list.
        public var codes: [String]
        /// Where the value comes from.
        public var provenance: Finding.Provenance
        /// Why the value is so.
        public var basis: String
    }

    /// The name.
    public let name: String
    /// The title.
    public let title: LocalizedText
    /// The label of the version, for people.
    public let label: String
    /// The version: SHA-256 of the canonical archive.
    public let version: SHA256Digest
    /// The rule that stands for the default denial.
    public let defaultDenyRule: String
    /// The parameters by name.
    public let parameters: [String: Parameter]
    /// The delays that facts depend on.
    let delays: Delays
    /// The rules over time.
    public let overTime: OverTimeRules
    /// The rules by policy `@id`, and those that no policy says.
    public let rules: [String: Rule]
    /// The policies.
    public let policySet: PolicySet
    /// The schema that the policies are written for.
    public let schema: Schema
    /// The policies with what their `temporal { … }` blocks say; nil where there are none.
    public let temporal: TemporalPolicySet?
    /// The policies that permit, alone.
    let permits: PolicySet
    /// The actions with their groups, from the schema.
    public let entities: Entities
    /// The actions that the schema declares.
    let actions: Set<String>

    /// Reads a policy set.
    ///
    /// - Throws: ``PolicySetErrors`` with every fault found.
    public init(_ archive: PolicyArchive) throws(PolicySetErrors) {
        var faults: [Diagnostic] = []
        let manifest = try PolicySetManifest.read(archive, &faults)
        var texts: [(file: String, text: String)] = []
        var schemas: [Schema] = []
        for (path, place) in manifest.files {
            guard let bytes = archive[path] else {
                faults.append(PolicySetError(.missingFile, path, at: place).diagnostic)
                continue
            }
            guard let text = PolicySetManifest.text(bytes) else {
                faults.append(PolicySetError(.notText, path, at: .file(path)).diagnostic)
                continue
            }
            if path.hasSuffix(".cedarschema") {
                do throws(CedarErrors) {
                    schemas.append(try Schema(parsing: text, file: path))
                } catch { faults += error.diagnostics }
            } else {
                texts.append((path, text))
            }
        }
        for file in archive.files where Self.isPolicyFile(file.path) {
            if !manifest.files.contains(where: { $0.path == file.path }) {
                faults.append(
                    PolicySetError(.unlistedFile, file.path, at: .file(file.path)).diagnostic)
            }
        }
        let schemaNames = manifest.files.filter { $0.path.hasSuffix(".cedarschema") }
        if schemaNames.count != 1, let place = schemaNames.last?.place ?? manifest.place {
            let count = String(schemaNames.count)
            faults.append(PolicySetError(.notOneSchema, count, at: place).diagnostic)
        }
        let temporal = Self.temporal(texts, manifest.parameters, &faults)
        let policies = temporal?.policySet ?? .empty
        var rules = manifest.rules
        for policy in policies.policies + policies.templates {
            rules[policy.id] = Self.rule(of: policy, &faults)
        }
        let overTime = OverTimeRules(archive, manifest.parameters, others: rules.keys, &faults)
        for sheet in overTime.sheets { rules[sheet.rule.id] = OverTimeRules.rule(of: sheet) }
        guard faults.isEmpty, let schema = schemas.first else {
            throw PolicySetErrors(diagnostics: faults)
        }
        self.overTime = overTime
        name = manifest.name
        title = manifest.title
        label = manifest.label
        version = archive.version
        defaultDenyRule = manifest.defaultDenyRule
        parameters = manifest.parameters
        delays = Delays(parameters: manifest.parameters)
        self.rules = rules
        policySet = policies
        self.temporal = temporal.flatMap { $0.blocks.isEmpty ? nil : $0 }
        permits = Self.permits(of: policies)
        self.schema = schema.addingToContexts(temporal?.blocks.map(\.attribute) ?? [])
        let actionEntities = schema.actionEntities
        entities = Entities(actionEntities)
        actions = Set(actionEntities.map(\.uid.id))
    }

    /// How many blocks a policy set may have.
    static let blockCountMax = 63

    /// The policies, with an attribute in place of each block.
    private static func temporal(
        _ texts: [(file: String, text: String)], _ parameters: [String: Parameter],
        _ faults: inout [Diagnostic]
    ) -> TemporalPolicySet? {
        let days = Int64(min(parameters["history_days"]?.number ?? 1, 3_650))
        let isOfAll = parameters["history_of_everybody"]?.number == 1
        do throws(TemporalPolicyErrors) {
            let policies = try TemporalPolicySet(
                parsing: texts, scope: isOfAll ? .everybody : .principal,
                windowMax: days * 86_400)
            if policies.blocks.count > blockCountMax {
                faults.append(
                    PolicySetError(.tooManyBlocks, String(policies.blocks.count), at: .nowhere)
                        .diagnostic)
            }
            return policies
        } catch {
            faults += error.diagnostics
            return nil
        }
    }

    /// The blocks of a policy, by their numbers.
    func blocks(of id: PolicyID) -> [Int] {
        guard let temporal, let policy = policySet.policy(id) else { return [] }
        let words = Set(
            policy.text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
        return temporal.blocks.indices.filter { words.contains(temporal.blocks[$0].attribute) }
    }

    /// Whether a rule looks at the whole history in a way that no saved state holds.
    var needsWholeLog: Bool { temporal != nil }

    private static func permits(of policies: PolicySet) -> PolicySet {
        let texts = policies.policies.filter { $0.effect == .permit }.map {
            (file: $0.source.file, text: $0.text)
        }
        do throws(CedarErrors) {
            return try PolicySet(parsing: texts)
        } catch {
            preconditionFailure("policies that were parsed once parse again")
        }
    }

    private static func isPolicyFile(_ path: String) -> Bool {
        path.hasSuffix(".cedar") || path.hasSuffix(".cedarschema")
    }

    /// A parameter that is a whole number.
    func number(_ parameter: EngineParameter) -> Int {
        guard let number = parameters[parameter.rawValue]?.number else {
            preconditionFailure("a policy set without `\(parameter.rawValue)` is not read")
        }
        return number
    }

    /// A parameter that is a list of codes.
    func codes(_ parameter: EngineParameter) -> [String] {
        parameters[parameter.rawValue]?.codes ?? []
    }

    /// From how many findings on a case is one step more severe.
    var caseRepetition: Int { number(.caseRepetition) }

    /// How many licences the pilot has at most.
    public var licenceCap: Int { number(.licenceCap) }

    /// What the annotations of a policy say.
    private static func rule(of policy: Policy, _ faults: inout [Diagnostic]) -> Rule {
        let (line, column) = policy.source.position(of: policy.span.lower)
        let place = Place.text(file: policy.source.file, line: line, column: column)
        func annotation(_ key: String) -> String {
            let value = policy.annotation(key) ?? ""
            if value.isEmpty {
                faults.append(PolicySetError(.missingAnnotation, key, at: place).diagnostic)
            }
            return value
        }
        _ = annotation("id")
        let severity = annotation("severity")
        let provenance = annotation("provenance")
        if !severity.isEmpty, Finding.Severity(rawValue: severity) == nil {
            faults.append(PolicySetError(.missingAnnotation, "severity", at: place).diagnostic)
        }
        if !provenance.isEmpty, Finding.Provenance(rawValue: provenance) == nil {
            faults.append(PolicySetError(.missingAnnotation, "provenance", at: place).diagnostic)
        }
        return Rule(
            title: LocalizedText(fr: annotation("title_fr"), en: annotation("title_en")),
            basis: annotation("basis"), severity: Finding.Severity(rawValue: severity) ?? .high,
            provenance: Finding.Provenance(rawValue: provenance) ?? .assumption)
    }
}
