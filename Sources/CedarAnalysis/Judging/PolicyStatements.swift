// SPDX-License-Identifier: Apache-2.0

import Cedar

/// A policy as a statement about the requests of some types.
struct PolicyStatement: Sendable {
    let policy: Policy
    /// That scope and conditions hold.
    let formula: Formula
    /// What is left of the policy for these requests: two policies with equal text are alike there.
    let text: Text

    /// Whether the policy can hold for no request of these types.
    var isFalse: Bool {
        if case .constant(false) = formula { return true }
        return false
    }
}

extension PolicySet {
    /// The policies as statements about the requests of some types.
    func statements(_ types: RequestTypes, _ schema: Schema) -> [PolicyStatement] {
        let evaluator = PartialEvaluator(types, schema)
        return policies.map { policy in
            let entry = evaluator.reduce(policy)
            switch entry.outcome {
            case .satisfied:
                return PolicyStatement(policy: policy, formula: .constant(true), text: Text("true"))
            case .notSatisfied, .failed:
                return PolicyStatement(
                    policy: policy, formula: .constant(false), text: Text("false"))
            case .residual:
                let condition = entry.policy.conditionExpression
                return PolicyStatement(
                    policy: policy, formula: .evaluates(condition, to: true),
                    text: Text(WrittenExpression.text(condition)))
            }
        }
    }
}

/// Searches for examples, each evaluated by Cedar's own evaluator before it counts.
struct Examiner: Sendable {
    let schema: Schema
    let stepMax: Int

    /// An example of a statement about policies.
    ///
    /// - Parameters:
    ///   - formula: The statement.
    ///   - types: The types of its requests.
    ///   - isTrue: Whether it is true of an example.
    /// - Returns: The example, or what the search came to without one.
    func search(
        _ formula: Formula, _ types: RequestTypes, isTrue: @escaping (Example) -> Bool
    ) -> SearchResult {
        if case .constant(false) = formula { return .none }
        let schema = schema
        var search = Search(Question(schema, types, formula), stepMax: stepMax) { example in
            schema.accepts(example) && isTrue(example)
        }
        return search.run()
    }
}

extension Schema {
    /// Whether an example conforms.
    func accepts(_ example: Example) -> Bool {
        do throws(CedarErrors) {
            try validate(example.request)
            try validate(example.entities)
            return true
        } catch {
            return false
        }
    }
}

extension Example {
    /// Whether a policy holds of the example; one that fails does not.
    func satisfies(_ policy: Policy) -> Bool {
        do throws(EvaluationError) {
            return try Evaluator(request: request, entities: entities).isSatisfied(policy)
        } catch {
            return false
        }
    }
}
