// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// A request with the entities that matter for it.
public struct Example: Sendable {
    /// The request.
    public let request: Request
    /// The entities; all others do not exist.
    public let entities: Entities
}

/// What a search for an example came to.
enum SearchResult: Sendable {
    /// This one, found and then evaluated by Cedar's own evaluator.
    case example(Example)
    /// There is none.
    case none
    /// None was found, and that proves nothing.
    case undecided(UndecidedReason)
}

/// Why a question stayed open.
public enum UndecidedReason: String, CaseIterable, Hashable, Sendable {
    /// The search took more steps than it may.
    case tooManySteps = "too-many-steps"
    /// The policies compute with values in a way of which the search tries only some.
    case beyondMethod = "beyond-method"
}

/// Looks for a request of which a statement is true.
///
/// It settles one open part after another, evaluates what is settled, and goes back where the
/// statement has become false: to the last step that had a part in it. Parts that policies only
/// compare with constants are not chosen but constrained, and get a value in the end. Where the
/// values tried do not stand for all values, and it mattered, the search says so.
struct Search {
    let question: Question
    /// Whether the statement is true of an example, by Cedar's own evaluator.
    let isTrue: (Example) -> Bool
    /// The most assumptions at once: each is a call inside the one before, and the stack is finite.
    private static let depthMax = 500
    private var stepsLeft: Int
    private var reason: UndecidedReason?
    private var found: Example?

    init(_ question: Question, stepMax: Int, isTrue: @escaping (Example) -> Bool) {
        self.question = question
        self.isTrue = isTrue
        stepsLeft = stepMax
    }

    /// Searches.
    mutating func run() -> SearchResult {
        _ = explore(question.formula, Model(), step: 0)
        if let found { return .example(found) }
        return reason.map { .undecided($0) } ?? .none
    }

    /// Explores what follows some assumptions.
    ///
    /// - Returns: The steps that the dead end is due to; nothing of use once an example is found.
    private mutating func explore(_ formula: Formula, _ model: Model, step: Int) -> Set<Int> {
        guard stepsLeft > 0, step < Self.depthMax else {
            reason = .tooManySteps
            return []
        }
        stepsLeft -= 1
        let evaluator = SymbolicEvaluator(question, model)
        switch formula.simplified(evaluator) {
        case .fails(let steps): return steps
        case .holds: return conclude(model, step)
        case .left(let rest):
            guard let expression = rest.nextExpression,
                case .needs(let choice) = evaluator.evaluate(expression)
            else {
                // Nothing is left to settle, and yet nothing is decided: no proof of anything.
                reason = .beyondMethod
                return Set(0..<step)
            }
            return explore(rest, model, choice, step: step)
        }
    }

    private mutating func explore(
        _ rest: Formula, _ model: Model, _ choice: Choice, step: Int
    ) -> Set<Int> {
        let options = Options(question, model, choice, step: step)
        var due = options.dueSteps
        var mattered = false
        for next in options.models {
            let steps = explore(rest, next, step: step + 1)
            if found != nil || reason == .tooManySteps { return [] }
            // The dead end has nothing to do with this step: no other option would help.
            guard steps.contains(step) else { return steps }
            mattered = true
            due.formUnion(steps.subtracting([step]))
        }
        if mattered || options.models.isEmpty, !options.isComplete { reason = .beyondMethod }
        return due
    }

    /// Builds the example that the assumptions describe, and has it evaluated.
    private mutating func conclude(_ model: Model, _ step: Int) -> Set<Int> {
        if let example = ExampleBuilder(question: question, model: model).example,
            isTrue(example)
        {
            found = example
        } else {
            reason = .beyondMethod
        }
        return Set(0..<step)
    }
}
