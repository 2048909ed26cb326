// SPDX-License-Identifier: Apache-2.0

/// What entities are in, as their text says, before every ancestor of each is written out.
struct EntityHierarchy {
    /// The most steps from an entity to the last thing that it is in: the ancestors of a longer
    /// chain would fill the memory with the square of its length.
    static let depthLimit = 250

    /// An entity at fault, by its position.
    enum Fault: Error {
        case cycle(Int)
        case tooDeep(Int)
    }

    private let parents: [[Int]]
    /// The depth of each entity; 0 where it is not known yet, and -1 while it is being found.
    private var depths: [Int]

    init(_ entities: [Entity]) {
        var positions: [EntityUID: Int] = [:]
        for (position, entity) in entities.enumerated() { positions[entity.uid] = position }
        parents = entities.map { $0.parents.compactMap { positions[$0] } }
        depths = Array(repeating: 0, count: entities.count)
    }

    /// Looks at each entity once, whatever it is in; no recursion, since chains can be long.
    mutating func check() throws(Fault) {
        for start in depths.indices where depths[start] == 0 {
            var open = [(entity: start, next: 0)]
            depths[start] = -1
            while let last = open.last {
                if last.next < parents[last.entity].count {
                    open[open.count - 1].next += 1
                    let parent = parents[last.entity][last.next]
                    if depths[parent] == -1 { throw .cycle(parent) }
                    if depths[parent] == 0 {
                        depths[parent] = -1
                        open.append((parent, 0))
                    }
                } else {
                    let depth = 1 + (parents[last.entity].map { depths[$0] }.max() ?? 0)
                    if depth > Self.depthLimit { throw .tooDeep(last.entity) }
                    depths[last.entity] = depth
                    open.removeLast()
                }
            }
        }
    }
}
