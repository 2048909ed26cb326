// SPDX-License-Identifier: Apache-2.0

/// A condition on the fields of one event.
///
/// A comparison with an absent value is false, and ``absent(_:)`` asks for that.
public enum FieldCondition: Hashable, Sendable {
    /// The field has one of these values.
    case isIn(FieldID, [Int64])
    /// The field has a value, and none of these.
    case isNotIn(FieldID, [Int64])
    /// The field is at least this.
    case atLeast(FieldID, Int64)
    /// The field is at most this.
    case atMost(FieldID, Int64)
    /// The field's set has a word in common with this one.
    case hasAny(FieldID, Int64)
    /// The field's set has no word in common with this one, or is absent.
    case hasNone(FieldID, Int64)
    /// The event has no value for the field.
    case absent(FieldID)
    /// The event has a value for the field.
    case present(FieldID)
    /// Two fields have the same value.
    case same(FieldID, FieldID)
    /// Two fields have different values.
    case different(FieldID, FieldID)
    /// The first field is greater than the second by more than this.
    case exceeds(FieldID, FieldID, by: Int64)
    /// The event's clock shows a time outside these hours, or the day is not a working day.
    case outsideHours(RuleCalendar, fromMinute: Int, toMinute: Int)

    /// The fields that the condition reads.
    var fields: [FieldID] {
        switch self {
        case .isIn(let field, _), .isNotIn(let field, _), .atLeast(let field, _),
            .atMost(let field, _), .hasAny(let field, _), .hasNone(let field, _),
            .absent(let field), .present(let field):
            [field]
        case .same(let left, let right), .different(let left, let right),
            .exceeds(let left, let right, _):
            [left, right]
        case .outsideHours: []
        }
    }
}

/// Which events play a part in a rule, and by which fields they are correlated.
public struct EventSelector: Hashable, Sendable {
    /// The types, one of which the event has.
    public var types: [EventTypeID]
    /// The conditions, all of which the event satisfies.
    public var conditions: [FieldCondition]
    /// The fields whose values correlate the event with the others of the rule.
    ///
    /// All selectors of a rule have as many, in the same order; at most three. An event that
    /// lacks one of them plays no part.
    public var key: [FieldID]

    /// Makes a selector.
    public init(
        _ types: [EventTypeID], where conditions: [FieldCondition] = [], key: [FieldID] = []
    ) {
        self.types = types
        self.conditions = conditions
        self.key = key
    }
}
