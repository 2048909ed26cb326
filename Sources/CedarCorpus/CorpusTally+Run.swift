// SPDX-License-Identifier: Apache-2.0

import Cedar

/// The texts that a corpus test names.
public struct CorpusTexts: Sendable {
    let policies: String
    let entities: String
    let schema: String
    let validation: String?

    /// Gathers the texts; the expected results of the validator may be absent.
    public init(policies: String, entities: String, schema: String, validation: String? = nil) {
        self.policies = policies
        self.entities = entities
        self.schema = schema
        self.validation = validation
    }
}

extension CorpusTally {
    /// Runs one test and counts what agrees.
    public mutating func run(_ test: CorpusCase, _ texts: CorpusTexts) {
        do throws(CedarErrors) {
            let schema = try Schema(parsing: texts.schema, file: test.schemaPath)
            let viaJSON = try Schema(json: schema.jsonText)
            let viaText = try Schema(parsing: schema.cedarText)
            if viaJSON != schema || viaText != schema || viaJSON.jsonText != schema.jsonText {
                differences.append("\(test.name): writing the schema changes it")
            }
            let policies = try PolicySet(
                parsing: texts.policies, file: test.policiesPath, naming: .positional)
            let expected =
                try texts.validation.map { (text) throws(CedarErrors) in
                    try JSONValue(parsing: text, file: "\(test.name) validation")
                }
            validate(test, policies, schema, expected)
            let copy = try PolicySet(json: policies.jsonText)
            if copy.jsonText != policies.jsonText || !means(copy, policies) {
                differences.append("\(test.name): the JSON format changes the policies")
            }
            let formatted = try PolicyFormatter.format(texts.policies)
            let again = try PolicySet(parsing: formatted, naming: .positional)
            let isStable = try PolicyFormatter.format(formatted) == formatted
            if again.policies != policies.policies || !isStable {
                differences.append("\(test.name): the formatter changes the policies")
            }
            let entities = try Entities(
                json: texts.entities, schema: schema, file: test.entitiesPath)
            try schema.validate(entities)
            decide(test, policies, entities, schema)
        } catch {
            for _ in test.requests { requests.count(false) }
            differences.append("\(test.name): \(error)")
        }
    }

    /// Extended `has` comes back from JSON as the conjunction it is short for.
    private func means(_ copy: PolicySet, _ original: PolicySet) -> Bool {
        copy.policies == original.policies || copy.jsonText.contains("\"has\"")
    }

    private mutating func decide(
        _ test: CorpusCase, _ policies: PolicySet, _ entities: Entities, _ schema: Schema
    ) {
        let authorizer = Authorizer(policies)
        let engine = DecisionEngine(policies, entities)
        var outcome = DecisionEngine.Outcome()
        for expected in test.requests {
            do throws(CedarErrors) {
                let request = try Request(reading: expected.json, schema: schema)
                if expected.mustConform { try schema.validate(request) }
                let response = authorizer.isAuthorized(request, entities)
                engine.decide(request, into: &outcome)
                let isSame =
                    outcome.decision == response.decision
                    && outcome.determining.map { policies.policies[$0].id }
                        == response.determiningPolicies
                    && outcome.failed.map { policies.policies[$0].id }
                        == response.errors.map(\.policyID)
                let agrees =
                    isSame && response.decision.rawValue == expected.decision
                    && response.determiningPolicies.sorted() == expected.reasons.sorted()
                    && response.errors.map(\.policyID).sorted() == expected.errors.sorted()
                requests.count(agrees)
                if !agrees {
                    differences.append(
                        "\(test.name): \(expected.description): \(response.decision) "
                            + "\(response.determiningPolicies) \(response.errors)")
                }
            } catch {
                requests.count(false)
                differences.append("\(test.name): \(expected.description): \(error)")
            }
        }
    }
}

extension CorpusTally {
    /// Compares the validator with the test and, where it is given, with the expected results.
    mutating func validate(
        _ test: CorpusCase, _ policies: PolicySet, _ schema: Schema, _ expected: JSONValue?
    ) {
        let strict = schema.validate(policies, mode: .strict)
        validations.count(strict.isValid == test.shouldValidate)
        if strict.isValid != test.shouldValidate {
            differences.append("\(test.name): valid \(strict.isValid): \(strict.errors)")
        }
        guard let results = expected?["policyValidation"] else { return }
        for mode in ValidationMode.allCases {
            let found = schema.validate(policies, mode: mode).errors.map(\.message).sorted()
            let wanted = (results["\(mode.rawValue)Errors"]?.texts ?? []).sorted()
            let isExpected = results[mode.rawValue]?.truth ?? false
            let agrees = found == wanted && found.isEmpty == isExpected
            if mode == .strict { self.strict.count(agrees) } else { permissive.count(agrees) }
            if !agrees {
                differences.append("\(test.name): \(mode): \(found) instead of \(wanted)")
            }
        }
    }
}
