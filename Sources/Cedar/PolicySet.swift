// SPDX-License-Identifier: Apache-2.0

/// Policies and templates in the order of their texts.
public struct PolicySet: Sendable {
    /// How policies are named.
    public enum Naming: Sendable {
        /// `policy0`, `policy1`, … in the order of the text, as Cedar's own parser does.
        case positional
        /// The text of the `@id` annotation; positional for a policy without one.
        case annotation
    }

    /// The policies that can decide: static ones, and templates with their slots filled.
    public private(set) var policies: [Policy]
    /// The policies with slots.
    public private(set) var templates: [Policy]

    /// A set without policies, which denies everything.
    public static let empty = PolicySet(policies: [], templates: [])

    package init(policies: [Policy], templates: [Policy]) {
        self.policies = policies
        self.templates = templates
    }

    /// Reads policies in Cedar's syntax.
    ///
    /// - Throws: `CedarErrors` with every error of the text.
    public init(
        parsing text: String, file: String = "policies.cedar", naming: Naming = .annotation
    ) throws(CedarErrors) {
        try self.init(parsing: [(file, text)], naming: naming)
    }

    /// Reads several files as one set; positional names count through all of them.
    ///
    /// - Throws: `CedarErrors` with every error of every text.
    public init(
        parsing files: [(file: String, text: String)], naming: Naming = .annotation
    ) throws(CedarErrors) {
        self = .empty
        var errors: [CedarError] = []
        var seen: Set<Text> = []
        var position = 0
        for (file, text) in files {
            let source = Source(file: file, text: text)
            var parser = PolicyParser(source)
            do throws(CedarErrors) {
                for var policy in try parser.parsePolicies() {
                    let annotated = naming == .annotation ? policy.annotation("id") : nil
                    policy.id = annotated.flatMap { $0.isEmpty ? nil : $0 } ?? "policy\(position)"
                    position += 1
                    if !seen.insert(Text(policy.id)).inserted {
                        errors.append(
                            CedarError(
                                .duplicatePolicyID, [policy.id], at: policy.span, in: source))
                    }
                    add(policy)
                }
            } catch {
                errors += error.errors
            }
        }
        guard errors.isEmpty else { throw CedarErrors(errors: errors) }
    }

    private mutating func add(_ policy: Policy) {
        if policy.isTemplate { templates.append(policy) } else { policies.append(policy) }
    }

    /// The policy or template of this name.
    public func policy(_ id: PolicyID) -> Policy? {
        (policies + templates).first { $0.id.hasSameBytes(as: id) }
    }

    /// Fills the slots of a template and adds the result as a policy.
    ///
    /// - Returns: False if there is no such template, the name is taken, or a slot stays empty
    ///   or is filled without being there.
    public mutating func link(
        template id: PolicyID, as newID: PolicyID, principal: EntityUID? = nil,
        resource: EntityUID? = nil
    ) -> Bool {
        let isTaken = [policies, templates].contains { list in
            list.contains { $0.id.hasSameBytes(as: newID) }
        }
        guard !isTaken,
            var linked = templates.first(where: { $0.id.hasSameBytes(as: id) }),
            linked.scope.principal.hasSlot == (principal != nil),
            linked.scope.resource.hasSlot == (resource != nil)
        else { return false }
        linked = linked.linked(as: newID, principal: principal, resource: resource)
        policies.append(linked)
        return true
    }

    /// The types of all entities that the policies name, except actions.
    ///
    /// Two principals (or resources) of a type outside this set, with equal attributes and
    /// ancestors, are treated alike by every policy, so a decision can be kept and used again.
    public var literalEntityTypes: Set<String> {
        var types: Set<String> = []
        for policy in policies {
            for uid in policy.literalEntities where !uid.isAction { types.insert(uid.type) }
        }
        return types
    }
}

extension Policy {
    func linked(as newID: PolicyID, principal: EntityUID?, resource: EntityUID?) -> Policy {
        var filled = scope
        if let principal { filled.principal = scope.principal.filled(with: principal) }
        if let resource { filled.resource = scope.resource.filled(with: resource) }
        var policy = Policy(
            id: newID, effect: effect, annotations: annotations, span: span, source: source,
            scope: filled, conditions: conditions)
        policy.link = TemplateLink(templateID: id, principal: principal, resource: resource)
        return policy
    }

    /// The entities that the policy names.
    var literalEntities: [EntityUID] {
        var found = scope.action.actions
        for case .uid(let uid)? in [scope.principal.reference, scope.resource.reference] {
            found.append(uid)
        }
        for condition in conditions { condition.expression.collectEntities(into: &found) }
        return found
    }
}

extension Expression {
    func collectEntities(into found: inout [EntityUID]) {
        if case .literal(.entity(let uid)) = kind { found.append(uid) }
        for child in kind.children { child.collectEntities(into: &found) }
    }
}
