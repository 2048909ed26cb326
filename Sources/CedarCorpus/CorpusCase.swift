// SPDX-License-Identifier: Apache-2.0

import Cedar

/// One test of Cedar's conformance corpus: policies, entities, a schema and requests.
public struct CorpusCase: Sendable {
    /// One request with what must be answered.
    public struct Expectation: Sendable {
        let json: JSONValue
        /// What the request is about.
        public let description: String
        let mustConform: Bool
        let decision: String
        let reasons: [String]
        let errors: [String]
    }

    /// The name of the test's file.
    public let name: String
    /// The paths of the policies, the entities and the schema, as the test gives them.
    public let policiesPath: String
    /// The path of the entities.
    public let entitiesPath: String
    /// The path of the schema.
    public let schemaPath: String
    /// Whether the policies are valid under the schema, in strict mode.
    public let shouldValidate: Bool
    /// The requests.
    public let requests: [Expectation]

    /// Reads the JSON file of a test; nil if it is not one.
    public init?(name: String, json text: String) {
        guard let json = try? JSONValue(parsing: text, file: name),
            case .string(let policies)? = json["policies"],
            case .string(let entities)? = json["entities"],
            case .string(let schema)? = json["schema"],
            case .bool(let shouldValidate)? = json["shouldValidate"],
            case .array(let requests)? = json["requests"]
        else { return nil }
        self.name = name
        policiesPath = policies
        entitiesPath = entities
        schemaPath = schema
        self.shouldValidate = shouldValidate
        self.requests = requests.map { request in
            Expectation(
                json: request, description: request["description"]?.text ?? "",
                mustConform: request["validateRequest"]?.truth ?? true,
                decision: request["decision"]?.text ?? "", reasons: request["reason"]?.texts ?? [],
                errors: request["errors"]?.texts ?? [])
        }
    }
}

extension JSONValue {
    var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var texts: [String] {
        guard case .array(let elements) = self else { return [] }
        return elements.compactMap(\.text)
    }

    var truth: Bool {
        if case .bool(true) = self { return true }
        return false
    }
}

/// What running some tests gave.
public struct CorpusTally: Sendable {
    /// How many of how many agreed.
    public struct Score: Sendable, CustomStringConvertible {
        /// Those that agreed.
        public var passed = 0
        /// All.
        public var total = 0
        /// The score as `passed/total`.
        public var description: String { "\(passed)/\(total)" }

        mutating func count(_ agrees: Bool) {
            total += 1
            if agrees { passed += 1 }
        }
    }

    /// Requests whose decision, reasons and errors agree.
    public var requests = Score()
    /// Tests whose validity agrees.
    public var validations = Score()
    /// Results of the strict validator, messages among them.
    public var strict = Score()
    /// Results of the permissive validator, messages among them.
    public var permissive = Score()
    /// The differences, one line each.
    public var differences: [String] = []

    /// An empty tally.
    public init() {}

    /// Whether everything agreed, and something was run.
    public var isClean: Bool { differences.isEmpty && requests.total > 0 }
}
