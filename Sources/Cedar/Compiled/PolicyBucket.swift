// SPDX-License-Identifier: Apache-2.0

/// Policies of one action, or of all, by the entity or type that their scope names.
///
/// A class, so that a decision looks into it without copying it.
final class PolicyBucket: Sendable {
    private let byPrincipal: PolicyTable
    private let byResource: PolicyTable
    private let byPrincipalType: PolicyTable
    private let byResourceType: PolicyTable
    /// The policies that name neither, nor their types.
    let others: [Int]

    init(_ indices: [Int], _ policies: [CompiledPolicy]) {
        var tables: [[Int: [Int]]] = [[:], [:], [:], [:]]
        var others: [Int] = []
        for index in indices {
            let (principal, resource) = (policies[index].principal, policies[index].resource)
            let keys = [
                max(principal.equal, principal.ancestor), max(resource.equal, resource.ancestor),
                principal.type, resource.type,
            ].map { Int($0) }
            if let table = keys.firstIndex(where: { $0 >= 0 }) {
                tables[table][keys[table], default: []].append(index)
            } else {
                others.append(index)
            }
        }
        byPrincipal = PolicyTable(tables[0])
        byResource = PolicyTable(tables[1])
        byPrincipalType = PolicyTable(tables[2])
        byResourceType = PolicyTable(tables[3])
        self.others = others
    }

    /// Adds the policies that name an entity or type of the request.
    func collect(
        _ principal: Party, _ resource: Party, _ machine: CompiledMachine,
        into candidates: inout PolicyList
    ) {
        if !byPrincipal.isEmpty { byPrincipal.collect(principal.uid, machine, &candidates) }
        if !byResource.isEmpty { byResource.collect(resource.uid, machine, &candidates) }
        if !byPrincipalType.isEmpty { byPrincipalType.collect(Int(principal.type), &candidates) }
        if !byResourceType.isEmpty { byResourceType.collect(Int(resource.type), &candidates) }
    }
}

/// Lists of policies by a number, with open addressing.
struct PolicyTable {
    private struct Place {
        /// Negative where there is none.
        var number: Int32 = -1
        var start: Int32 = 0
        var count: Int32 = 0
    }

    /// One bit for each number that has a list: most do not, and need no look-up.
    private var named: [UInt64] = []
    private var places: [Place] = []
    private var policies: [Int] = []

    init(_ lists: [Int: [Int]]) {
        guard let largest = lists.keys.max() else { return }
        named = Array(repeating: 0, count: largest / 64 + 1)
        var size = 8
        while size < lists.count * 2 { size *= 2 }
        places = Array(repeating: Place(), count: size)
        for (number, list) in lists {
            named[number / 64] |= 1 << UInt64(number % 64)
            var position = start(number)
            while places[position].number >= 0 { position = (position + 1) & (size - 1) }
            places[position] = Place(
                number: Int32(number), start: Int32(policies.count), count: Int32(list.count))
            policies += list
        }
    }

    private func start(_ number: Int) -> Int {
        let mixed = UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 32) & (places.count - 1)
    }

    var isEmpty: Bool { places.isEmpty }

    @inline(__always)
    func collect(_ number: Int, _ candidates: inout PolicyList) {
        let word = number >> 6
        guard number >= 0, word < named.count, named[word] >> UInt64(number & 63) & 1 == 1 else {
            return
        }
        collectList(number, &candidates)
    }

    private func collectList(_ number: Int, _ candidates: inout PolicyList) {
        var position = start(number)
        while Int(places[position].number) != number {
            position = (position + 1) & (places.count - 1)
        }
        let first = Int(places[position].start)
        for index in first..<first + Int(places[position].count) {
            candidates.append(policies[index])
        }
    }

    /// The policies of an entity and of all that it is in.
    func collect(_ uid: Int32, _ machine: CompiledMachine, _ candidates: inout PolicyList) {
        guard uid >= 0 else { return }
        collect(Int(uid), &candidates)
        let range = machine.rows[Int(uid)].ancestors
        for index in range.start..<range.end where machine.ancestors[index] != uid {
            collect(Int(machine.ancestors[index]), &candidates)
        }
    }
}
