// SPDX-License-Identifier: Apache-2.0

/// What a satisfied policy does.
public enum Effect: String, CaseIterable, Sendable {
    /// Allows, unless a policy forbids.
    case permit
    /// Denies, whatever other policies permit.
    case forbid
}

/// The name of a policy in its set.
public typealias PolicyID = String

/// A remark on a policy that Cedar keeps and does not read: `@key("value")` or `@key`.
public struct Annotation: Hashable, Sendable {
    /// The name.
    public let key: String
    /// The text; nil if none was written.
    public let value: String?

    /// Whether both say the same: an annotation without value is one with an empty text.
    public static func == (left: Annotation, right: Annotation) -> Bool {
        left.key.hasSameBytes(as: right.key)
            && (left.value ?? "").hasSameBytes(as: right.value ?? "")
    }

    /// Feeds both parts.
    public func hash(into hasher: inout Hasher) {
        key.hashBytes(into: &hasher)
        (value ?? "").hashBytes(into: &hasher)
    }
}

/// One policy or template.
public struct Policy: Sendable {
    /// The name, unique in the set.
    public var id: PolicyID
    /// Whether it permits or forbids.
    public let effect: Effect
    /// The annotations in order.
    public let annotations: [Annotation]
    /// The place in the text.
    public let span: SourceSpan
    /// The text it was read from.
    public let source: Source
    package let scope: Scope
    package let conditions: [Condition]
    /// The template this was linked from, and what fills its slots.
    var link: TemplateLink?

    /// The value of an annotation; empty for one without value.
    public func annotation(_ key: String) -> String? {
        annotations.first { $0.key == key }.map { $0.value ?? "" }
    }

    /// The line of the first character, from 1.
    public var line: Int { source.position(of: span.lower).line }

    /// The text of the policy.
    public var text: String { source.text(span) }

    /// What stands at a place of the policy, in Cedar's syntax even where it was read from JSON.
    public func text(at place: SourceSpan) -> String {
        guard source.isJSON else { return source.text(place) }
        for (span, part) in zip(scope.spans, scopeTests) where span == place {
            return ExpressionPrinter(keepsOperators: true).text(part)
        }
        var found: Expression?
        for condition in conditions where found == nil {
            condition.expression.visit { if found == nil, $0.span == place { found = $0 } }
        }
        return found.map { ExpressionPrinter(keepsOperators: true).text($0) } ?? ""
    }

    /// Whether the policy was made by filling the slots of a template.
    package var isLinked: Bool { link != nil }

    /// Whether the policy has slots to fill before it can decide.
    public var isTemplate: Bool {
        scope.principal.hasSlot || scope.resource.hasSlot
    }
}

/// A clause: `when { … }` or `unless { … }`.
package struct Condition: Sendable, Equatable {
    package let isUnless: Bool
    package let expression: Expression
}

/// The part of a policy between its first parentheses.
package struct Scope: Sendable, Equatable {
    package var principal: ScopeConstraint
    package var action: ActionConstraint
    package var resource: ScopeConstraint
    /// The places of the three, for explanations.
    var spans: [SourceSpan]

    package static func == (left: Scope, right: Scope) -> Bool {
        left.principal == right.principal && left.action == right.action
            && left.resource == right.resource
    }
}

/// An entity, or the slot of a template that stands for one.
package enum EntityReference: Sendable, Equatable {
    case uid(EntityUID)
    case slot
}

/// What the scope asks of the principal or of the resource.
package enum ScopeConstraint: Sendable, Equatable {
    case any
    case equal(EntityReference)
    case `in`(EntityReference)
    case isType(String)
    case isTypeIn(String, EntityReference)

    /// The entity that the constraint names.
    var reference: EntityReference? {
        switch self {
        case .any, .isType: nil
        case .equal(let reference), .in(let reference), .isTypeIn(_, let reference): reference
        }
    }

    var hasSlot: Bool { reference == .slot }

    /// The constraint with its slot filled.
    func filled(with uid: EntityUID) -> ScopeConstraint {
        guard hasSlot else { return self }
        switch self {
        case .equal: return .equal(.uid(uid))
        case .in: return .in(.uid(uid))
        case .isTypeIn(let type, _): return .isTypeIn(type, .uid(uid))
        case .any, .isType: return self
        }
    }
}

/// What the scope asks of the action.
package enum ActionConstraint: Sendable, Equatable {
    case any
    case equal(EntityUID)
    case `in`(EntityUID)
    case inAny([EntityUID])

    /// A list of one action means that action.
    init(in actions: [EntityUID]) {
        self = actions.count == 1 ? .in(actions[0]) : .inAny(actions)
    }

    /// The actions that the constraint names.
    package var actions: [EntityUID] {
        switch self {
        case .any: []
        case .equal(let uid), .in(let uid): [uid]
        case .inAny(let uids): uids
        }
    }
}

/// The origin of a linked policy.
struct TemplateLink: Sendable, Equatable {
    let templateID: PolicyID
    let principal: EntityUID?
    let resource: EntityUID?
}

extension Policy: Equatable {
    /// Whether both are the same policy, wherever they stand in a text.
    public static func == (left: Policy, right: Policy) -> Bool {
        left.id == right.id && left.effect == right.effect && left.scope == right.scope
            && left.conditions == right.conditions
            && left.annotations == right.annotations
    }
}
