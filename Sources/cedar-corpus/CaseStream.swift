// SPDX-License-Identifier: Apache-2.0

import Cedar
import CedarCorpus

/// Answers cases given one a line, for comparison with another implementation.
///
/// A case is `{"policies": text, "entities": text, "schema": text, "requests": […]}`; all but
/// `policies` may be left out. The answer is one line of JSON.
enum CaseStream {
    static func run() {
        while let line = readLine() {
            print(answer(line))
        }
    }

    private static func answer(_ line: String) -> String {
        do throws(CedarErrors) {
            let json = try JSONValue(parsing: line, file: "case")
            let policies = try PolicySet(parsing: text(json["policies"]), naming: .positional)
            var members: [(key: String, value: JSONValue)] = [
                ("json", .string(policies.jsonText)),
                ("formatted", .string(try PolicyFormatter.format(text(json["policies"])))),
            ]
            var schema: Schema?
            if let given = json["schema"] {
                let parsed = try Schema(parsing: text(given))
                schema = parsed
                let errors = parsed.validate(policies).errors
                members.append(("schemaJSON", .string(parsed.jsonText)))
                members.append(("schemaText", .string(parsed.cedarText)))
                members.append(("validation", .array(errors.map { .string($0.message) })))
            }
            if case .array(let requests)? = json["requests"] {
                let entities = try Entities(json: text(json["entities"]), schema: schema)
                members.append(
                    ("responses", .array(try respond(requests, policies, entities, schema))))
            }
            return JSONValue.object(members).serialized
        } catch {
            let message = JSONValue.string(error.description)
            return JSONValue.object([("error", message)]).serialized
        }
    }

    private static func text(_ json: JSONValue?) -> String {
        if case .string(let text)? = json { return text }
        return ""
    }

    private static func respond(
        _ requests: [JSONValue], _ policies: PolicySet, _ entities: Entities, _ schema: Schema?
    ) throws(CedarErrors) -> [JSONValue] {
        let authorizer = Authorizer(policies)
        let engine = DecisionEngine(policies, entities)
        var outcome = DecisionEngine.Outcome()
        var responses: [JSONValue] = []
        for json in requests {
            let request = try Request(reading: json, schema: schema)
            let response = authorizer.isAuthorized(request, entities)
            engine.decide(request, into: &outcome)
            let failed = response.errors.map(\.policyID)
            let isSame =
                outcome.decision == response.decision
                && outcome.determining.map { policies.policies[$0].id }
                    == response.determiningPolicies
                && outcome.failed.map { policies.policies[$0].id } == failed
            responses.append(
                .object([
                    ("decision", .string(response.decision.rawValue)),
                    ("reason", .array(response.determiningPolicies.map(JSONValue.string))),
                    ("errors", .array(failed.map(JSONValue.string))),
                    ("compiledAgrees", .bool(isSame)),
                ]))
        }
        return responses
    }
}
