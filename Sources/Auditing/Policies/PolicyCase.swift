// SPDX-License-Identifier: Apache-2.0

public import Cedar
public import Diagnostics
import Yams

/// A test of a policy set: facts, and the decision that they must give.
///
/// The cases of a set are in its folder, in `cases/*.yaml`. Each file has the `facts` that its
/// cases start from; a case says what it changes (`with`), the decision it expects and the policies
/// that must determine it.
public struct PolicyCase: Sendable {
    /// The name, unique in its file.
    public let name: String
    /// Where it is written.
    public let place: Place
    /// The action.
    public let action: String
    /// The facts, as the context of a request.
    public let context: Record
    /// The decision that must come out.
    public let expected: Decision
    /// The policies that must determine it, by name.
    public let policies: [PolicyID]
    /// The policies that must fail, by name: none, unless the case says so.
    public let errors: [PolicyID]

    /// What came out of a case.
    public struct Outcome: Sendable {
        /// The decision.
        public let decision: Decision
        /// The policies that determined it, by name.
        public let policies: [PolicyID]
        /// The policies that could not be evaluated.
        public let failed: [PolicyID]
        /// Whether all is as the case expects.
        public let isExpected: Bool
    }

    /// The request that the case makes: an adviser and a person of no account.
    public var request: Request {
        Request(
            principal: EntityUID(type: "Agent", id: "A000000000001"),
            action: EntityUID(type: "Action", id: action),
            resource: EntityUID(type: "Person", id: "P000000000001"), context: context)
    }

    /// Runs the case.
    public func run(_ folder: PolicySetFolder) -> Outcome {
        let response = Authorizer(folder.policySet).isAuthorized(request, folder.entities)
        let determining = response.determiningPolicies.sorted()
        let failed = response.errors.map(\.policyID).sorted()
        return Outcome(
            decision: response.decision, policies: determining, failed: failed,
            isExpected: response.decision == expected && determining == policies && failed == errors
        )
    }

    /// The cases of a policy set, by file.
    ///
    /// - Throws: ``PolicySetErrors`` with every fault found.
    public static func cases(in archive: PolicyArchive) throws(PolicySetErrors) -> [PolicyCase] {
        var faults: [Diagnostic] = []
        var cases: [PolicyCase] = []
        for file in archive.files
        where file.path.hasPrefix("cases/") && file.path.hasSuffix(".yaml") {
            var reader = YAMLReader(file: file.path)
            cases += reader.cases(file.bytes)
            faults += reader.faults
        }
        guard faults.isEmpty else { throw PolicySetErrors(diagnostics: faults) }
        return cases
    }
}

extension YAMLReader {
    /// The cases of one file.
    fileprivate mutating func cases(_ bytes: [UInt8]) -> [PolicyCase] {
        guard let text = PolicySetManifest.text(bytes) else {
            faults.append(PolicySetError(.notText, file, at: .file(file)).diagnostic)
            return []
        }
        guard let root = compose(text) else { return [] }
        let fields = mapping(root, keys: ["facts", "cases"])
        let base = facts(fields["facts"])
        guard let list = fields["cases"]?.sequence else {
            fault(.missingKey, "cases", root)
            return []
        }
        return list.map { policyCase($0, base) }
    }

    private mutating func policyCase(_ node: Node, _ base: [(String, Value)]) -> PolicyCase {
        let fields = mapping(
            node, keys: ["name", "action", "with", "expect", "policies", "errors"])
        let changes = fields["with"].map { facts($0) } ?? []
        for (name, _) in changes where !base.contains(where: { $0.0 == name }) {
            fault(.unknownKey, name, node)
        }
        let expected = ["allow": Decision.allow, "deny": .deny][string(fields, "expect", in: node)]
        if expected == nil { fault(.wrongValue, "expect", node) }
        func names(_ key: String) -> [String] {
            (fields[key]?.sequence?.compactMap { $0.scalar?.string } ?? []).sorted()
        }
        return PolicyCase(
            name: string(fields, "name", in: node), place: place(node),
            action: string(fields, "action", in: node), context: Record(base + changes),
            expected: expected ?? .deny, policies: names("policies"), errors: names("errors"))
    }

    /// Facts by name: truth values, texts and lists of texts.
    private mutating func facts(_ node: Node?) -> [(String, Value)] {
        var facts: [(String, Value)] = []
        for (name, value) in named(node) {
            if let list = value.sequence {
                let items = list.compactMap { $0.scalar.map { Value.string($0.string) } }
                facts.append((name, .set(ValueSet(items))))
            } else if let scalar = value.scalar {
                let isPlain = scalar.style == .plain || scalar.style == .any
                let truth = isPlain ? ["true": true, "false": false][scalar.string] : nil
                facts.append((name, truth.map { .bool($0) } ?? .string(scalar.string)))
            } else {
                fault(.wrongValue, name, value)
            }
        }
        return facts
    }
}
