// SPDX-License-Identifier: Apache-2.0

public import Snapshots
public import Temporal
public import TemporalRules

/// A rule that is a formula: what a `.mfotl` file of a policy set says.
///
/// Each event is a time point. Its type is a relation without attributes and each of its fields a
/// relation of one, named as ``RuleFormula`` names them; `entry(i)` is the index of its entry. The
/// formula is true of the violations, and has a free variable `i` for the entry that is judged:
///
///     entry(i) AND profile_view() AND actor(a) AND NOT (ONCE licence_activate() AND actor(a))
///
/// Every other free variable that stands in an `entry(…)` is a witness: the finding names these
/// entries as what made the condition true.
///
///     entry(i) AND profile_view() AND subject(p) AND (ONCE (entry(w) AND profile_share() AND subject(p)))
///
/// The recorded decision is a field, `effect("deny")`. What the Cedar policies in force answer is the
/// relation `denied(i, rule)`, where the schema has the field ``decisionField``: of each entry that
/// they deny, the rules that say so.
public struct FormulaRule: Sendable {
    /// The name of the field that holds the rules by which policies deny an event.
    public static let decisionField = "broken"

    /// The name by which findings know the rule.
    public let id: String
    /// The formula as it is written.
    public let text: String
    /// The formula, typed and found monitorable.
    public let formula: MonitorableFormula
    /// The other free variables, in the order in which verdicts give their values.
    public let variables: [String]
    fileprivate let entryPlace: Int
    /// The free variables that are entries besides.
    fileprivate let witnessPlaces: [Int]

    /// Reads a formula.
    ///
    /// - Throws: ``TemporalError`` with the place, the reason and, if one was found, a formula that
    ///   would do.
    public init(
        id: String, text: [UInt8], schema: EventSchema
    ) throws(TemporalError) {
        let names = schema.types.map { Signature.Relation(RuleFormula.relation($0), []) }
        let fields = schema.fields.map { field in
            Signature.Relation(RuleFormula.relation(field.name), [field.kind.valueType])
        }
        var relations = names + fields + [Signature.Relation("entry", [.int])]
        if schema.field(Self.decisionField) != nil {
            relations.append(Signature.Relation("denied", [.int, .string]))
        }
        let signature = Signature(relations)
        let formula = try MonitorableFormula(text: text, signature: signature)
        let free = formula.analysis.variables.map(\.name)
        guard let place = free.firstIndex(of: "i"), formula.analysis.variables[place].type == .int
        else { throw TemporalError(.unknownRelation, subject: "entry(i)") }
        self.id = id
        self.text = String(decoding: text, as: UTF8.self)
        self.formula = formula
        entryPlace = place
        let witnesses = formula.analysis.input.freeVariables(in: "entry").subtracting(["i"])
        witnessPlaces = free.indices.filter { witnesses.contains(free[$0]) }
        variables = free.filter { $0 != "i" && !witnesses.contains($0) }
    }
}

extension FieldKind {
    fileprivate var valueType: ValueType {
        switch self {
        case .number, .identifier: .int
        case .word, .wordSet: .string
        }
    }

    /// The values of a field, one tuple each.
    fileprivate func tuples(_ value: Int64) -> [[Value]] {
        switch self {
        case .number, .identifier: return [[.int(Int(value))]]
        case .word(let words):
            guard let place = Int(exactly: value), words.indices.contains(place) else { return [] }
            return [[.string(Array(words[place].utf8))]]
        case .wordSet(let words):
            return words.indices.filter { $0 < 63 && value & (1 << Int64($0)) != 0 }
                .map { [.string(Array(words[$0].utf8))] }
        }
    }
}

/// Judges events by one formula, with the table-based monitor.
public final class FormulaMonitor {
    private let rule: FormulaRule
    private let schema: EventSchema
    private let monitor: TemporalMonitor
    private let typeNames: [String]
    private let fieldNames: [String]
    private let decisionPlace: Int?
    private let number: Int

    /// Starts to judge from the beginning of a log.
    ///
    /// - Parameters:
    ///   - rule: The rule.
    ///   - number: The number by which verdicts know it.
    ///   - schema: The schema of the events.
    /// - Throws: ``TemporalError`` if the formula cannot run.
    public init(
        _ rule: FormulaRule, number: Int, schema: EventSchema
    ) throws(TemporalError) {
        self.rule = rule
        self.schema = schema
        self.number = number
        // A time point without an event settles deadlines, so none is passed over.
        monitor = try TemporalMonitor(rule.formula, dropsEmptyPoints: false)
        typeNames = schema.types.map(RuleFormula.relation)
        fieldNames = schema.fields.map { RuleFormula.relation($0.name) }
        decisionPlace = schema.fields.firstIndex { $0.name == FormulaRule.decisionField }
    }

    /// How many tuples the state holds.
    public var heldCount: Int { monitor.tupleCount }

    /// What the formula can still need of the events so far, as bytes.
    public func encodeState() -> [UInt8] { monitor.encodeState() }

    /// Goes on from the state of a monitor of the same formula; of no use after an error.
    ///
    /// - Throws: `MalformedSnapshot` if the bytes are no such state.
    public func restoreState(_ bytes: [UInt8]) throws(MalformedSnapshot) {
        try monitor.restoreState(bytes)
    }

    /// Takes the next events; gives the violations that they settle.
    ///
    /// - Throws: ``TemporalError`` if time goes back, arithmetic fails or the state grows too large.
    public func consume(_ batch: EventBatch) throws(TemporalError) -> [RuleVerdict] {
        var verdicts: [RuleVerdict] = []
        for row in 0..<batch.count {
            var tuples: [String: [[Value]]] = [
                "entry": [[.int(Int(truncatingIfNeeded: batch.indexes[row]))]]
            ]
            let type = Int(batch.types[row])
            if typeNames.indices.contains(type) { tuples[typeNames[type]] = [[]] }
            for (place, column) in batch.columns.enumerated()
            where place < fieldNames.count && column[row] != EventBatch.absent {
                let words = schema.fields[place].kind.tuples(column[row])
                tuples[fieldNames[place]] = words
                guard place == decisionPlace else { continue }
                let entry = Value.int(Int(truncatingIfNeeded: batch.indexes[row]))
                tuples["denied"] = words.map { [entry] + $0 }
            }
            let point = TimePoint(timestamp: Int(batch.times[row]), tuples: tuples)
            for answer in try monitor.advance(to: point) ?? [] { add(answer, to: &verdicts) }
        }
        return verdicts.sorted()
    }

    /// Says that a time has come without an event; gives the violations that this settles.
    ///
    /// What looks further ahead stays open: a deadline that has not passed is no violation.
    ///
    /// - Throws: ``TemporalError`` as ``consume(_:)`` does.
    public func advance(to time: Int64) throws(TemporalError) -> [RuleVerdict] {
        var verdicts: [RuleVerdict] = []
        for answer in try monitor.advance(to: TimePoint(timestamp: Int(time))) ?? [] {
            add(answer, to: &verdicts)
        }
        return verdicts.sorted()
    }

    /// Ends the log, as if nothing ever happened again; gives the last violations.
    ///
    /// - Throws: ``TemporalError`` as ``consume(_:)`` does.
    public func finish() throws(TemporalError) -> [RuleVerdict] {
        var verdicts: [RuleVerdict] = []
        for answer in try monitor.finish() { add(answer, to: &verdicts) }
        return verdicts.sorted()
    }

    /// One verdict for each entry that is violated, however many values make the formula true of it.
    private func add(_ answer: Satisfaction, to verdicts: inout [RuleVerdict]) {
        var places: [UInt64: Int] = [:]
        for tuple in answer.tuples {
            guard let index = Self.index(tuple[rule.entryPlace]) else { continue }
            let witnesses = rule.witnessPlaces.compactMap { Self.index(tuple[$0]) }
            guard let place = places[index] else {
                places[index] = verdicts.count
                verdicts.append(
                    RuleVerdict(
                        rule: number, outcome: .violated, key: key(tuple),
                        time: Int64(answer.timestamp), index: index,
                        witnesses: witnesses + [index]))
                continue
            }
            verdicts[place].witnesses += witnesses
        }
        for place in places.values {
            verdicts[place].witnesses = Set(verdicts[place].witnesses).sorted()
        }
    }

    private func key(_ tuple: [Value]) -> [Int64] {
        tuple.indices.compactMap { place in
            guard place != rule.entryPlace, !rule.witnessPlaces.contains(place),
                case .int(let number) = tuple[place]
            else { return nil }
            return Int64(number)
        }
    }

    private static func index(_ value: Value) -> UInt64? {
        guard case .int(let number) = value else { return nil }
        return UInt64(bitPattern: Int64(number))
    }
}

extension RuleExample {
    /// Whether a formula says of the example what it should.
    ///
    /// - Throws: ``TemporalError`` if the formula cannot run, or fails on the example.
    public func isSatisfied(
        by rule: FormulaRule, in schema: EventSchema
    ) throws(TemporalError) -> Bool {
        let monitor = try FormulaMonitor(rule, number: 0, schema: schema)
        var verdicts = try monitor.consume(events)
        verdicts += try monitor.advance(to: end)
        return isSatisfied(by: verdicts)
    }
}
