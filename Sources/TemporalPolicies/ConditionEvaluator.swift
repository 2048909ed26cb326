// SPDX-License-Identifier: Apache-2.0

import Cedar

/// Why a condition could not be evaluated: the caller denies.
struct EvaluationTooCostly: Error {}

/// Evaluates conditions at a time point, as Dogwood's guide defines them.
///
/// A condition gives rows: the bindings of variables under which it holds. Conjunctions go from
/// left to right; a negation keeps or drops a row and binds nothing.
struct ConditionEvaluator {
    typealias Row = [String: Value]

    let history: EventHistory
    let request: Request
    let entities: Entities
    /// How many steps one decision may take.
    private let stepCountMax: Int
    private var steps = 0

    init(history: EventHistory, request: Request, entities: Entities, stepCountMax: Int) {
        self.stepCountMax = stepCountMax
        self.history = history
        self.request = request
        self.entities = entities
    }

    private mutating func step() throws(EvaluationTooCostly) {
        steps += 1
        guard steps <= stepCountMax else { throw EvaluationTooCostly() }
    }

    /// Whether a condition holds for some extension of a row.
    mutating func holds(
        _ condition: TemporalCondition, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> Bool {
        try step()
        switch condition {
        case .and(let left, let right):
            for row in try rows(left, at: point, row) where try holds(right, at: point, row) {
                return true
            }
            return false
        case .not(let inner): return try !holds(inner, at: point, row)
        case .formerly(let window, let inner):
            for other in try candidates(inner, window, at: point, row)
            where try holds(inner, at: other, row) {
                return true
            }
            return false
        case .previous(let window, let inner):
            guard let before = pointBefore(point, window) else { return false }
            return try holds(inner, at: before, row)
        case .exists(let name, _, let inner):
            var row = row
            row[name] = nil
            return try holds(inner, at: point, row)
        default: return try !rows(condition, at: point, row).isEmpty
        }
    }

    /// The rows that extend a row and satisfy a condition, each once.
    mutating func rows(
        _ condition: TemporalCondition, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> [Row] {
        try step()
        switch condition {
        case .and(let left, let right):
            var result: [Row] = []
            for row in try rows(left, at: point, row) {
                result += try rows(right, at: point, row)
            }
            return Self.distinct(result)
        case .not(let inner): return try holds(inner, at: point, row) ? [] : [row]
        case .formerly(let window, let inner):
            var result: [Row] = []
            for other in try candidates(inner, window, at: point, row) {
                result += try rows(inner, at: other, row)
            }
            return Self.distinct(result)
        case .previous(let window, let inner):
            guard let before = pointBefore(point, window) else { return [] }
            return try rows(inner, at: before, row)
        case .since(let left, let window, let right):
            return try since(left, window, right, at: point, row)
        case .event(let predicate): return try match(predicate, at: point, row).map { [$0] } ?? []
        case .compare(let comparison, let left, let right):
            return try compare(comparison, left, right, at: point, row).map { [$0] } ?? []
        case .exists(let name, _, let inner):
            var inside = row
            inside[name] = nil
            let found = try rows(inner, at: point, inside).map { found in
                var found = found
                found[name] = row[name]
                return found
            }
            return Self.distinct(found)
        case .timePoint(let name):
            return bind(name, .int(Int64(point)), row).map { [$0] } ?? []
        }
    }

    private static func distinct(_ rows: [Row]) -> [Row] {
        guard rows.count > 1 else { return rows }
        var seen: Set<Row> = []
        return rows.filter { seen.insert($0).inserted }
    }

    private func bind(_ name: String, _ value: Value, _ row: Row) -> Row? {
        if let known = row[name] { return known == value ? row : nil }
        var row = row
        row[name] = value
        return row
    }

    // MARK: Time

    /// The time points of a window, from the oldest; only those where the body's event may be.
    mutating func candidates(
        _ body: TemporalCondition, _ window: Int64, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> [Int] {
        let (oldest, overflow) = history[point].time.subtractingReportingOverflow(window)
        let first = history.firstPoint(from: overflow ? .min : oldest, before: point + 1)
        let range = first..<point + 1
        for case .event(let predicate) in body.conjuncts {
            var key: (path: String, value: Value)?
            for field in predicate.fields where isKnown(field.term, row) {
                guard let value = try resolve(field.term, at: point, row) else { return [] }
                key = (field.path, value)
                break
            }
            return Array(history.points(of: predicate, value: key, in: range))
        }
        return Array(range)
    }

    /// Whether a term has one value before any event is looked at.
    private func isKnown(_ term: TemporalCondition.Term, _ row: Row) -> Bool {
        switch term {
        case .value, .context, .principal, .resource: true
        case .variable(let name): row[name] != nil
        case .wildcard, .array, .aggregate: false
        }
    }

    func pointBefore(_ point: Int, _ window: Int64) -> Int? {
        guard point > history.start else { return nil }
        let (distance, overflow) = history[point].time.subtractingReportingOverflow(
            history[point - 1].time)
        return !overflow && distance <= window ? point - 1 : nil
    }

    private mutating func since(
        _ left: TemporalCondition, _ window: Int64, _ right: TemporalCondition, at point: Int,
        _ row: Row
    ) throws(EvaluationTooCostly) -> [Row] {
        var result: [Row] = []
        anchors: for anchor in try candidates(right, window, at: point, row).reversed() {
            for row in try rows(right, at: anchor, row) {
                var holdsSince = true
                for later in anchor + 1..<max(anchor + 1, point + 1)
                where try !holds(left, at: later, row) {
                    holdsSince = false
                    break
                }
                if holdsSince { result.append(row) }
            }
        }
        return Self.distinct(result)
    }

    // MARK: Events and terms

    private mutating func match(
        _ predicate: EventPredicate, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> Row? {
        let event = history[point]
        guard event.action == predicate.action,
            event.kind.utf8.elementsEqual(predicate.kind.utf8)
        else { return nil }
        var row = row
        for field in predicate.fields {
            guard let value = event.fields[field.path] else { return nil }
            if case .wildcard = field.term { continue }
            if let name = field.term.variableName {
                guard let bound = bind(name, value, row) else { return nil }
                row = bound
            } else {
                guard try resolve(field.term, at: point, row) == value else { return nil }
            }
        }
        return row
    }

    private mutating func compare(
        _ comparison: TemporalCondition.Comparison, _ left: TemporalCondition.Term,
        _ right: TemporalCondition.Term, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> Row? {
        let (first, second) = (
            try resolve(left, at: point, row), try resolve(right, at: point, row)
        )
        if comparison == .equal {
            if first == nil, let name = left.variableName, let second {
                return bind(name, second, row)
            }
            if second == nil, let name = right.variableName, let first {
                return bind(name, first, row)
            }
        }
        guard let first, let second else { return nil }
        switch comparison {
        case .equal: return first == second ? row : nil
        case .notEqual: return first == second ? nil : row
        default: break
        }
        guard case .int(let a) = first, case .int(let b) = second else { return nil }
        let isTrue =
            switch comparison {
            case .less: a < b
            case .lessOrEqual: a <= b
            case .greater: a > b
            default: a >= b
            }
        return isTrue ? row : nil
    }

    private mutating func resolve(
        _ term: TemporalCondition.Term, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> Value? {
        switch term {
        case .value(let value): return value
        case .variable(let name): return row[name]
        case .wildcard: return nil
        case .context(let path): return Self.value(at: path[...], in: .record(request.context))
        case .principal(let path): return attribute(of: request.principal, path)
        case .resource(let path): return attribute(of: request.resource, path)
        case .array(let terms):
            var values: [Value] = []
            for term in terms {
                guard let value = try resolve(term, at: point, row) else { return nil }
                values.append(value)
            }
            return .set(ValueSet(values))
        case .aggregate(let aggregate): return .int(try value(of: aggregate, at: point, row))
        }
    }

    private static func value(at path: ArraySlice<String>, in value: Value) -> Value? {
        guard let key = path.first else { return value }
        guard case .record(let record) = value, let inner = record[key] else { return nil }
        return Self.value(at: path.dropFirst(), in: inner)
    }

    private func attribute(of uid: EntityUID, _ path: [String]) -> Value? {
        guard !path.isEmpty else { return .entity(uid) }
        if let entity = entities[uid],
            let value = Self.value(at: path[...], in: .record(entity.attributes))
        {
            return value
        }
        switch path {
        case ["id"]: return .string(uid.id)
        case ["type"]: return .string(uid.type)
        default: return nil
        }
    }

    /// A sum beyond a `Long` is held at its bounds, as the reference does.
    private mutating func value(
        of aggregate: TemporalCondition.Aggregate, at point: Int, _ row: Row
    ) throws(EvaluationTooCostly) -> Int64 {
        let names = aggregate.domain.map(\.name)
        var inside = row
        for name in names { inside[name] = nil }
        var seen: Set<[Value?]> = []
        for found in try rows(aggregate.body, at: point, inside) {
            seen.insert(names.map { found[$0] })
        }
        guard let summed = aggregate.summed, let place = names.firstIndex(of: summed) else {
            return Int64(seen.count)
        }
        var total: Int128 = 0
        for values in seen {
            if case .int(let value)? = values[place] { total += Int128(value) }
        }
        return Int64(clamping: total)
    }
}
