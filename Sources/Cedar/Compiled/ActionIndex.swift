// SPDX-License-Identifier: Apache-2.0

/// The policies that each action leaves, by the numbers of actions and positions of policies.
struct ActionIndex {
    /// The policies that name no action.
    private(set) var anyAction: [Int] = []
    private(set) var byAction: [Int: [Int]] = [:]
    /// For each group that policies name the actions in it.
    private var members: [Int: [Int]] = [:]

    /// Gathers the actions that policies name, and whatever is in one of them.
    init(_ policySet: PolicySet, _ entities: Entities, _ store: inout EntityStore) {
        let groups = Set(policySet.policies.flatMap(\.scope.action.actions))
        for uid in groups { byAction[store.intern(uid)] = [] }
        for entity in entities.all where !entity.ancestors.isDisjoint(with: groups) {
            byAction[store.intern(entity.uid)] = []
        }
        for uid in groups {
            let group = store.intern(uid)
            members[group] = byAction.keys.filter { store.isIn($0, group) }
        }
    }

    mutating func add(_ policies: [Policy], _ store: inout EntityStore) {
        for (index, policy) in policies.enumerated() {
            switch policy.scope.action {
            case .any: anyAction.append(index)
            case .equal(let uid): byAction[store.intern(uid), default: []].append(index)
            case .in, .inAny:
                var actions: Set<Int> = []
                for uid in policy.scope.action.actions {
                    actions.formUnion(members[store.intern(uid)] ?? [])
                }
                for action in actions { byAction[action, default: []].append(index) }
            }
        }
    }
}
