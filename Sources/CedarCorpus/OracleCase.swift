// SPDX-License-Identifier: Apache-2.0

package import Cedar
import Diagnostics

/// A case for comparison with another implementation, and this one's answer to it.
///
/// A case is `{"schema": text, "policies": text, "links": […], "entities": […], "requests": […],
/// "uses_schema": Bool}`; all but `policies` may be left out. The answer says for each part
/// whether it was accepted, and stops at the first that was not. With `uses_schema` it also says which
/// promises of the validator the decisions break.
package struct OracleCase {
    private let json: JSONValue
    private var members: [(key: String, value: JSONValue)] = []

    /// Makes a case from its JSON form.
    package init(_ json: JSONValue) {
        self.json = json
    }

    /// What this implementation says, in the form of the other one's answer.
    package var answer: JSONValue {
        var copy = self
        do throws(CedarErrors) {
            try copy.run()
        } catch {
            copy.members.append(("error", .string(error.description)))
        }
        return .object(copy.members)
    }

    private func text(_ key: String) -> String {
        if case .string(let text)? = json[key] { return text }
        return ""
    }

    private func elements(_ key: String) -> [JSONValue] {
        if case .array(let elements)? = json[key] { return elements }
        return []
    }

    /// Notes whether a part was accepted.
    private mutating func note<T>(
        _ key: String, _ result: Result<T, CedarErrors>
    ) throws(CedarErrors) -> T {
        if case .success = result {
            members.append((key, .bool(true)))
        } else {
            members.append((key, .bool(false)))
        }
        return try result.get()
    }

    private func readSchema() throws(CedarErrors) -> Schema {
        let source = text("schema")
        return source.hasPrefix("{") ? try Schema(json: source) : try Schema(parsing: source)
    }

    private func readEntities(_ schema: Schema?) throws(CedarErrors) -> Entities {
        let text = JSONValue.array(elements("entities")).serialized
        let entities = try Entities(json: text, schema: schema)
        try schema?.validate(entities)
        return entities
    }

    private mutating func run() throws(CedarErrors) {
        var schema: Schema?
        if json["schema"] != nil { schema = try note("schema", Result(catching: readSchema)) }
        var policies = try readPolicies()
        if let schema {
            if !text("schema").hasPrefix("{") {
                let formatted = try SchemaFormatter.format(text("schema"))
                let isStable = try SchemaFormatter.format(formatted) == formatted
                let isSame = try Schema(parsing: formatted) == schema
                if !isStable || !isSame { members.append(("unstable", .string("schema"))) }
            }
            let errors = schema.validate(policies).errors.map(\.message)
            members.append(("validation", .array(errors.map(JSONValue.string))))
            members.append(("schemaJSON", .string(schema.jsonText)))
            members.append(("schemaText", .string(schema.cedarText)))
        }
        guard json["requests"] != nil else { return }
        if !elements("links").isEmpty {
            let copy = self
            let result = Result { () throws(CedarErrors) in try copy.linked(policies) }
            policies = try note("links", result)
        }
        var used: Schema?
        if case .bool(true)? = json["uses_schema"] { used = schema }
        let copy = self
        let result = Result { () throws(CedarErrors) in try copy.readEntities(used) }
        let entities = try note("entities", result)
        respond(policies, entities, used)
    }

    private mutating func readPolicies() throws(CedarErrors) -> PolicySet {
        do throws(CedarErrors) {
            let source = text("policies")
            let isJSON = source.hasPrefix("{")
            let policies =
                try isJSON
                ? PolicySet(json: source) : PolicySet(parsing: source, naming: .positional)
            let document = try JSONValue(parsing: policies.jsonText, file: "policies")
            let parts = ["staticPolicies", "templates"].map { key in
                (key: key, value: document[key] ?? .null)
            }
            members.append(("policies", .object(parts)))
            members.append(("printed", .string(policies.cedarText)))
            if isJSON { return policies }
            let formatted = try PolicyFormatter.format(source)
            members.append(("formatted", .string(formatted)))
            let isStable = try PolicyFormatter.format(formatted) == formatted
            if !isStable { members.append(("unstable", .string("policies"))) }
            return policies
        } catch {
            members.append(("policies", .bool(false)))
            throw error
        }
    }

    /// The set with the links of the case, read through the JSON format.
    private func linked(_ policies: PolicySet) throws(CedarErrors) -> PolicySet {
        guard case .object(let members) = try JSONValue(parsing: policies.jsonText, file: "set")
        else { return policies }
        let links = elements("links").map { link -> JSONValue in
            guard case .object(let parts) = link else { return link }
            return .object(parts)
        }
        let others = members.filter { $0.key != "templateLinks" }
        let document = JSONValue.object(others + [("templateLinks", .array(links))])
        return try PolicySet(json: document.serialized)
    }

    private mutating func respond(
        _ policies: PolicySet, _ entities: Entities, _ schema: Schema?
    ) {
        let authorizer = Authorizer(policies)
        let engine = DecisionEngine(policies, entities)
        var outcome = DecisionEngine.Outcome()
        var promise = schema.map { ValidityPromise($0, policies, entities) }
        var responses: [JSONValue] = []
        for json in elements("requests") {
            do throws(CedarErrors) {
                let request = try Request(reading: json, schema: schema)
                try schema?.validate(request)
                let response = authorizer.isAuthorized(request, entities)
                promise?.check(request, response)
                engine.decide(request, into: &outcome)
                let ids = policies.policies.map(\.id)
                let isSame =
                    outcome.decision == response.decision
                    && outcome.determining.map { ids[$0] } == response.determiningPolicies
                    && outcome.failed.map { ids[$0] } == response.errors.map(\.policyID)
                responses.append(Self.json(response, isSame))
            } catch {
                let reason = error.errors.first?.diagnostic.message.english ?? ""
                responses.append(.object([("refused", .string(reason))]))
            }
        }
        members.append(("responses", .array(responses)))
        let broken = promise?.broken ?? []
        members.append(("broken", .array(broken.map(JSONValue.string))))
    }

    private static func json(_ response: Response, _ isSame: Bool) -> JSONValue {
        let errors = response.errors.map { failure in
            (key: failure.policyID, value: JSONValue.string(failure.error.message.english))
        }
        return .object([
            ("decision", .string(response.decision.rawValue)),
            ("reason", .array(response.determiningPolicies.sorted().map(JSONValue.string))),
            ("errors", .object(errors)), ("compiledAgrees", .bool(isSame)),
        ])
    }
}
