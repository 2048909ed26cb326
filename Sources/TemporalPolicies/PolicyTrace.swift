// SPDX-License-Identifier: Apache-2.0

public import Cedar

/// A log of events as text, in Dogwood's format: one event a line.
///
///     @10 scope(principal: U::"a", resource: G::"g") request_context(input: { n: 1 })
///         Action::"Read"::request(input: { n: 1 }, callerPrincipal: U::"a")
///
/// (on one line). `scope` and `request_context` may be left out of events that ask for nothing.
public struct PolicyTrace: Sendable {
    /// An event, and the request that it makes if it is one.
    public struct Entry: Sendable {
        /// The event.
        public let event: HistoryEvent
        /// Who asks.
        public let principal: EntityUID?
        /// For what.
        public let resource: EntityUID?
        /// With what context.
        public let context: Record
    }

    /// The events, in order.
    public let entries: [Entry]

    /// Reads a trace.
    ///
    /// - Throws: ``TemporalPolicyError`` at the first line that is no event.
    public init(_ text: String) throws(TemporalPolicyError) {
        var entries: [Entry] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated() where !line.allSatisfy({ $0 == " " || $0 == "\r" })
        {
            var parser = try TraceLineParser(Array(line.utf8)[...], line: number + 1)
            entries.append(try parser.entry())
        }
        self.entries = entries
    }

    /// The decisions of the events of a kind, as Dogwood prints them.
    public func replay(_ policies: TemporalPolicySet, kind: String = "request") -> [String] {
        var authorizer = TemporalAuthorizer(policies)
        var lines: [String] = []
        for (number, entry) in entries.enumerated() {
            guard entry.event.kind.utf8.elementsEqual(kind.utf8) else {
                _ = authorizer.observe(entry.event)
                continue
            }
            var isAllowed = false
            if let principal = entry.principal, let resource = entry.resource {
                let request = Request(
                    principal: principal, action: entry.event.action, resource: resource,
                    context: entry.context)
                isAllowed = authorizer.decide(entry.event, request).decision == .allow
            } else {
                // A request without a principal or a resource is denied.
                _ = authorizer.observe(entry.event)
            }
            lines.append("@\(entry.event.time) (time point \(number)): \(isAllowed)")
        }
        return lines
    }
}

/// Reads one line of a trace.
private struct TraceLineParser {
    static let depthMax = 16

    private let tokens: [ConditionToken]
    private var index = 0

    init(_ bytes: ArraySlice<UInt8>, line: Int) throws(TemporalPolicyError) {
        tokens = try ConditionLexer.tokens(bytes, line: line)
    }

    private var token: ConditionToken { tokens[index] }

    private var failure: TemporalPolicyError {
        TemporalPolicyError(
            .malformedTrace, line: token.line, column: token.column, subject: token.text)
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard token.kind == .symbol, token.text == symbol else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(TemporalPolicyError) {
        guard take(symbol) else { throw failure }
    }

    private mutating func word() throws(TemporalPolicyError) -> String {
        guard token.kind == .word else { throw failure }
        index += 1
        return tokens[index - 1].text
    }

    mutating func entry() throws(TemporalPolicyError) -> PolicyTrace.Entry {
        try expect("@")
        guard case .integer(let time) = token.kind else { throw failure }
        index += 1
        var (principal, resource): (EntityUID?, EntityUID?) = (nil, nil)
        var context = Record.empty
        while token.kind == .word, token.text == "scope" || token.text == "request_context" {
            let name = try word()
            try expect("(")
            let fields = try fields(until: ")", depth: 0)
            if name == "scope" {
                if case .entity(let uid)? = fields["principal"] { principal = uid }
                if case .entity(let uid)? = fields["resource"] { resource = uid }
            } else {
                context = fields
            }
        }
        guard case .entity(let action) = try entity() else { throw failure }
        try expect("::")
        let kind = try word()
        try expect("(")
        let fields = try fields(until: ")", depth: 0)
        guard token.kind == .end else { throw failure }
        return PolicyTrace.Entry(
            event: HistoryEvent(time: time, action: action, kind: kind, fields: fields),
            principal: principal, resource: resource, context: context)
    }

    private mutating func fields(
        until close: String, depth: Int
    ) throws(TemporalPolicyError) -> Record {
        guard depth <= Self.depthMax else { throw failure }
        var fields: [(String, Value)] = []
        while !take(close) {
            if !fields.isEmpty { try expect(",") }
            let name = try word()
            try expect(":")
            fields.append((name, try value(depth: depth)))
        }
        return Record(fields)
    }

    private mutating func value(depth: Int) throws(TemporalPolicyError) -> Value {
        guard depth <= Self.depthMax else { throw failure }
        switch token.kind {
        case .integer(let value):
            index += 1
            return .int(value)
        case .text(let text):
            index += 1
            return .string(text)
        case .word where token.text == "true" || token.text == "false":
            index += 1
            return .bool(tokens[index - 1].text == "true")
        case .word where token.text == "decimal":
            index += 1
            try expect("(")
            guard case .text(let text) = token.kind, let value = DecimalPattern.value(of: text)
            else { throw failure }
            index += 1
            try expect(")")
            return .decimal(value)
        case .word: return try entity()
        case .symbol, .end: break
        }
        if take("{") { return .record(try fields(until: "}", depth: depth + 1)) }
        try expect("[")
        var values: [Value] = []
        while !take("]") {
            if !values.isEmpty { try expect(",") }
            values.append(try value(depth: depth + 1))
        }
        return .set(ValueSet(values))
    }

    private mutating func entity() throws(TemporalPolicyError) -> Value {
        var type = try word()
        while true {
            try expect("::")
            if case .text(let id) = token.kind {
                index += 1
                return .entity(EntityUID(type: type, id: id))
            }
            type += "::" + (try word())
        }
    }
}
