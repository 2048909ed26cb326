// SPDX-License-Identifier: Apache-2.0

/// A set of tuples over the columns of an operator.
typealias Relation = Set<[Value]>

extension Relation {
    /// The relation over no columns that stands for true.
    static let nullaryTruth: Relation = [[]]

    /// The relation with other columns, given by their places.
    func projected(_ places: [Int]) -> Relation {
        var result = Relation(minimumCapacity: count)
        for tuple in self { result.insert(places.map { tuple[$0] }) }
        return result
    }
}

/// The places of names among columns.
func places(of names: [String], in columns: [String]) -> [Int] {
    names.compactMap { columns.firstIndex(of: $0) }
}

/// How two relations are joined on the columns that they share, by hashing.
struct JoinPlan {
    /// The columns of the result: those of the left, then what the right adds.
    let columns: [String]
    private let leftKey: [Int]
    private let rightKey: [Int]
    private let added: [Int]
    /// Where the left has the columns of the right, in the order of the right.
    private let probe: [Int]
    /// The same the other way round, where both have the same columns.
    private let reverseProbe: [Int]?

    init(_ left: [String], _ right: [String]) {
        let shared = left.filter { right.contains($0) }
        leftKey = places(of: shared, in: left)
        rightKey = places(of: shared, in: right)
        added = places(of: right.subtracting(left), in: right)
        columns = left.union(right)
        probe = places(of: right, in: left)
        reverseProbe = left.isSubset(of: right) ? places(of: left, in: right) : nil
    }

    /// The tuples that agree on the shared columns.
    func join(_ left: Relation, _ right: Relation) -> Relation {
        guard !left.isEmpty, !right.isEmpty else { return [] }
        var result = Relation()
        if added.isEmpty {
            if let reverseProbe, right.count < left.count {
                let candidates = right.lazy.map { tuple in reverseProbe.map { tuple[$0] } }
                return Relation(candidates.filter { left.contains($0) })
            }
            return left.filter { tuple in right.contains(probe.map { tuple[$0] }) }
        }
        var index: [[Value]: [[Value]]] = [:]
        for tuple in right {
            index[rightKey.map { tuple[$0] }, default: []].append(added.map { tuple[$0] })
        }
        for tuple in left {
            for rest in index[leftKey.map { tuple[$0] }] ?? [] { result.insert(tuple + rest) }
        }
        return result
    }

    /// The tuples of the left that agree with none of the right, whose columns it has.
    func subtract(_ left: Relation, _ right: Relation) -> Relation {
        guard !left.isEmpty, !right.isEmpty else { return left }
        return left.filter { tuple in !right.contains(probe.map { tuple[$0] }) }
    }
}
