// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// What can be said of the policies of a set without any request: which can never apply, and which
/// change nothing because of others.
///
/// Every statement holds for all requests and entities that conform to the schema, those with
/// entities that do not exist among them. It is made only where the search went through all cases;
/// what it could not go through is listed as undecided.
public struct PolicyAnalysis: Sendable {
    /// What was found of a policy.
    public enum Kind: String, CaseIterable, Sendable {
        /// It holds for no request.
        case neverApplies = "never-applies"
        /// Whenever it permits, another policy forbids.
        case cancelled
        /// Whenever it holds, another policy of the same effect holds.
        case covered
    }

    /// One statement about one policy.
    public struct Finding: Sendable {
        /// The policy.
        public let policyID: PolicyID
        /// What was found.
        public let kind: Kind
        /// The policies that cancel or cover it: one if one does alone, else all that do together.
        public let others: [PolicyID]
    }

    /// A question that stayed open.
    public struct Undecided: Sendable {
        /// The policy.
        public let policyID: PolicyID
        /// What could not be excluded.
        public let kind: Kind
        /// Why.
        public let reason: UndecidedReason
    }

    /// The statements, by policy in the order of the set.
    public private(set) var findings: [Finding] = []
    /// The questions that stayed open.
    public private(set) var undecided: [Undecided] = []
    private let worlds: [(types: RequestTypes, statements: [PolicyStatement])]
    private let examiner: Examiner
    private let policies: [Policy]
    /// The examples found so far, each with the positions of the policies that hold of it.
    private var examples: [(types: RequestTypes, holding: Set<Int>)] = []

    /// Analyses a set that is valid under a schema.
    ///
    /// - Parameters:
    ///   - policySet: The policies; they must be valid in strict mode.
    ///   - schema: The schema.
    ///   - stepMax: How many steps one search may take.
    public init(_ policySet: PolicySet, _ schema: Schema, stepMax: Int = 20_000) {
        policies = policySet.policies
        examiner = Examiner(schema: schema, stepMax: stepMax)
        worlds = schema.requestTypes.map { ($0, policySet.statements($0, schema)) }
        for position in policies.indices { analyse(position) }
    }

    private mutating func analyse(_ position: Int) {
        guard !reportAsImpossible(position) else { return }
        let effect = policies[position].effect
        if effect == .permit {
            let forbids = policies.indices.filter { policies[$0].effect == .forbid }
            if reportOthers(position, .cancelled, forbids) { return }
        }
        let peers = policies.indices.filter { $0 != position && policies[$0].effect == effect }
        _ = reportOthers(position, .covered, peers)
    }

    /// Reports a policy that cannot hold unless some of the others do, and which of them suffice.
    private mutating func reportOthers(_ position: Int, _ kind: Kind, _ others: [Int]) -> Bool {
        guard !others.isEmpty else { return false }
        // Where all together do not suffice, none does alone.
        switch answer(position, others) {
        case .yes: return false
        case .open(let reason):
            note(position, kind, reason)
            return false
        case .no: break
        }
        let single = others.first { answer(position, [$0]) == .no }
        let names = single.map { [$0] } ?? needed(position, others)
        findings.append(
            Finding(
                policyID: policies[position].id, kind: kind, others: names.map { policies[$0].id }))
        return true
    }

    /// Of others that suffice together, those that cannot be left out.
    private mutating func needed(_ position: Int, _ others: [Int]) -> [Int] {
        var left = others
        for other in others {
            let fewer = left.filter { $0 != other }
            if answer(position, fewer) == .no { left = fewer }
        }
        return left
    }

    private mutating func reportAsImpossible(_ position: Int) -> Bool {
        switch answer(position, []) {
        case .yes: return false
        case .no:
            findings.append(
                Finding(policyID: policies[position].id, kind: .neverApplies, others: []))
            return true
        case .open(let reason):
            note(position, .neverApplies, reason)
            return false
        }
    }

    private mutating func note(_ position: Int, _ kind: Kind, _ reason: UndecidedReason) {
        undecided.append(
            Undecided(policyID: policies[position].id, kind: kind, reason: reason))
    }

    private enum Answer: Equatable {
        case yes
        case no
        case open(UndecidedReason)
    }

    /// Whether some request satisfies a policy and none of the others.
    private mutating func answer(_ position: Int, _ others: [Int]) -> Answer {
        let known = examples.contains { example in
            example.holding.contains(position) && example.holding.isDisjoint(with: others)
        }
        if known { return .yes }
        var open: UndecidedReason?
        for (types, statements) in worlds where !statements[position].isFalse {
            let formula = Formula.and(
                [statements[position].formula] + others.map { statements[$0].formula.negation })
            let policies = policies
            let result = examiner.search(formula, types) { example in
                example.satisfies(policies[position])
                    && !others.contains { example.satisfies(policies[$0]) }
            }
            switch result {
            case .example(let example):
                let holding = policies.indices.filter { example.satisfies(policies[$0]) }
                examples.append((types, Set(holding)))
                return .yes
            case .none: continue
            case .undecided(let reason): open = reason
            }
        }
        return open.map { .open($0) } ?? .no
    }
}
