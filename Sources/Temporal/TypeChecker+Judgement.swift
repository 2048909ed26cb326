// SPDX-License-Identifier: Apache-2.0

extension TypeChecker {
    /// The relations and variables in scope with their types: `(p:(Int); x:Int)`.
    var judgement: String {
        let delta = relations.map { relation in
            let types = relation.types.map { resolved($0).description }
            let list = types.isEmpty ? "()" : types.joined(separator: ", ")
            return "\(relation.key.name):(\(list))"
        }
        let gamma = variables.map { "\($0.name):\(resolved($0.type).description)" }
        let left = delta.isEmpty ? "_" : delta.joined(separator: ", ")
        let right = gamma.isEmpty ? "_" : gamma.joined(separator: ", ")
        return "(\(left); \(right))"
    }
}
