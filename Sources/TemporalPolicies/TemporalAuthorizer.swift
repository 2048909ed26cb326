// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// Decides requests by policies that look at the history.
///
/// Every event is observed; a request is decided at its own event, which is part of the history
/// by then. What cannot be evaluated denies: a decision never rests on a guard that was not
/// checked.
public struct TemporalAuthorizer: Sendable {
    /// A decision, and why it could not be made by the policies if so.
    public struct Answer: Sendable {
        /// What Cedar said; nothing if it was not asked.
        public let response: Response?
        /// Why the request is denied without asking.
        public let failure: Failure?

        /// The decision.
        public var decision: Decision { response?.decision ?? .deny }
    }

    /// Why a request is denied without asking Cedar.
    public enum Failure: String, Error, Hashable, Sendable {
        /// A block takes more steps than a decision may.
        case tooCostly
        /// The context brings an attribute that stands for a block.
        case reservedAttribute
        /// The event is earlier than the one before it.
        case timeWentBack
        /// The event names another principal than the request, or none.
        case eventOfAnother
    }

    /// The policies.
    public let policies: TemporalPolicySet
    /// The histories: one for each principal, or one for everybody.
    private var histories: [EntityUID?: EventHistory] = [:]
    private let indexedPaths: Set<String>
    private let reach: Int64
    private let stepCountMax: Int
    private var observedCount = 0
    private var lastTime = Int64.min

    /// Starts with an empty history.
    ///
    /// - Parameters:
    ///   - policies: The policies.
    ///   - stepCountMax: How many steps one decision may take: by default seconds, and no more rows
    ///     than memory can hold.
    public init(_ policies: TemporalPolicySet, stepCountMax: Int = 2_000_000) {
        self.policies = policies
        self.stepCountMax = stepCountMax
        let predicates = policies.blocks.flatMap(\.condition.predicates)
        indexedPaths = Set(predicates.flatMap { $0.fields.map(\.path) })
        reach = policies.blocks.map(\.condition.reach).max() ?? 0
    }

    /// How many events the windows can still see.
    public var heldCount: Int { histories.values.reduce(0) { $0 + $1.count } }

    /// Takes an event that asks for no decision.
    ///
    /// - Returns: False if it is earlier than the one before it, and was not taken.
    public mutating func observe(_ event: HistoryEvent) -> Bool {
        guard event.time >= lastTime else { return false }
        lastTime = event.time
        guard let key = key(of: event) else { return true }
        let empty = EventHistory(indexedPaths: indexedPaths, reach: reach)
        histories[key, default: empty].append(event)
        observedCount &+= 1
        if observedCount % 4_096 == 0 {
            let now = event.time
            histories = histories.filter { !$0.value.isForgotten(at: now) }
        }
        return true
    }

    /// The history that an event belongs to; nothing if no request can see it.
    private func key(of event: HistoryEvent) -> EntityUID?? {
        guard policies.scope == .principal else { return .some(nil) }
        guard case .entity(let uid)? = event.fields["callerPrincipal"] else { return nil }
        return .some(uid)
    }

    /// Takes the event of a request, and decides.
    public mutating func decide(
        _ event: HistoryEvent, _ request: Request, _ entities: Entities = .empty
    ) -> Answer {
        let holding: [Bool]
        switch truths(event, request, entities) {
        case .failure(let failure): return Answer(response: nil, failure: failure)
        case .success(let found): holding = found
        }
        var fields = Array(zip(request.context.keys, request.context.values))
        for (block, holds) in zip(policies.blocks, holding) {
            fields.append((block.attribute, .bool(holds)))
        }
        let extended = Request(
            principal: request.principal, action: request.action, resource: request.resource,
            context: Record(fields))
        let response = Authorizer(policies.policySet).isAuthorized(extended, entities)
        return Answer(response: response, failure: nil)
    }

    /// Takes the event of a request, and says which blocks hold at it, in their order.
    public mutating func truths(
        _ event: HistoryEvent, _ request: Request, _ entities: Entities = .empty
    ) -> Result<[Bool], Failure> {
        guard observe(event) else { return .failure(.timeWentBack) }
        guard
            !request.context.keys.contains(where: {
                $0.hasPrefix(TemporalPolicySet.attributePrefix)
            })
        else { return .failure(.reservedAttribute) }
        guard var evaluator = evaluator(event, request, entities) else {
            return .failure(.eventOfAnother)
        }
        let point = evaluator.history.end - 1
        do throws(EvaluationTooCostly) {
            var holding: [Bool] = []
            for block in policies.blocks {
                holding.append(try evaluator.holds(block.condition, at: point, [:]))
            }
            return .success(holding)
        } catch {
            return .failure(.tooCostly)
        }
    }

    /// The entries of the events that make a block hold at the event of a request, which was taken
    /// last: none where it holds because something is missing.
    ///
    /// - Parameters:
    ///   - block: The number of the block.
    ///   - event: The event.
    ///   - request: The request.
    ///   - entities: The entities that the request speaks of.
    /// - Returns: The entries in order, at most twenty: the latest.
    public func witnesses(
        of block: Int, _ event: HistoryEvent, _ request: Request, _ entities: Entities = .empty
    ) -> [UInt64] {
        guard var evaluator = evaluator(event, request, entities) else { return [] }
        let history = evaluator.history
        let condition = policies.blocks[block].condition
        // A block that was evaluated once within its steps is so again.
        let points = (try? evaluator.witnesses(condition, at: history.end - 1, [:])) ?? []
        return Set(points.compactMap { history[$0].entry }).sorted().suffix(20)
    }

    private func evaluator(
        _ event: HistoryEvent, _ request: Request, _ entities: Entities
    ) -> ConditionEvaluator? {
        guard let key = key(of: event), key == nil || key == request.principal,
            let history = histories[key]
        else { return nil }
        return ConditionEvaluator(
            history: history, request: request, entities: entities, stepCountMax: stepCountMax)
    }
}
