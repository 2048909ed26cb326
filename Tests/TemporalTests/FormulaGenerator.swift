// SPDX-License-Identifier: Apache-2.0

import Temporal

/// Makes formulas over `p(int) q(int) r(int,int) s()` that have a fair chance to be monitorable.
struct FormulaGenerator {
    var random: SeededGenerator
    private let names = ["x", "y", "z"]

    init(random: SeededGenerator) {
        self.random = random
    }

    /// A formula whose free variables are exactly some names.
    mutating func formula(_ free: [String], depth: Int) -> Formula {
        guard depth > 0 else { return leaf(free) }
        switch random.below(14) {
        case 0: return leaf(free)
        case 1:
            return .connect(.or, formula(free, depth: depth - 1), formula(free, depth: depth - 1))
        case 2, 3: return conjunction(free, depth)
        case 4:
            let less = Array(free.prefix(random.below(free.count + 1)))
            let other = formula(less, depth: depth - 1)
            return .connect(.and, formula(free, depth: depth - 1), .not(other))
        case 5: return quantified(free, depth)
        case 6: return aggregated(free, depth)
        case 7: return binding(free, depth)
        case 8: return sugar(free, depth)
        case 9, 10: return chain(free, depth)
        default:
            let all: [Formula.Modality] = [.previous, .next, .once, .eventually]
            let modality = all[random.below(all.count)]
            return .modal(
                modality, interval(isFuture: modality == .eventually),
                formula(free, depth: depth - 1))
        }
    }

    private mutating func leaf(_ free: [String]) -> Formula {
        switch free.count {
        case 0:
            let ground = Formula.atom(Atom("p", [.constant(.int(random.below(3)))]))
            return [.atom(Atom("s", [])), .truth, .falsehood, ground][random.below(4)]
        case 1:
            let x = Term.variable(free[0])
            let constant = Term.constant(.int(random.below(3)))
            let options: [Formula] = [
                .atom(Atom("p", [x])), .atom(Atom("q", [x])), .atom(Atom("r", [x, constant])),
                .atom(Atom("r", [x, x])), .compare(.equal, x, constant),
            ]
            return options[random.below(options.count)]
        default:
            let terms = free.shuffled(using: &random).map { Term.variable($0) }
            var result = Formula.atom(Atom("r", Array(terms.prefix(2))))
            for term in terms.dropFirst(2) {
                result = .connect(.and, result, .atom(Atom("p", [term])))
            }
            return result
        }
    }

    private mutating func conjunction(_ free: [String], _ depth: Int) -> Formula {
        let left = formula(free, depth: depth - 1)
        guard let name = free.randomElement(using: &random) else {
            return .connect(.and, left, formula([], depth: depth - 1))
        }
        let x = Term.variable(name)
        let other: Term =
            [.constant(.int(random.below(3))), .variable(free[random.below(free.count)])][
                random.below(2)]
        switch random.below(5) {
        case 0: return .connect(.and, left, .compare(.less, x, other))
        case 1: return .connect(.and, left, .not(.compare(.equal, x, other)))
        case 2: return .connect(.and, left, .compare(.lessOrEqual, other, x))
        case 3 where free.count > 1:
            let rest = free.filter { $0 != name }
            let sum = Term.binary(.plus, .variable(rest[0]), .constant(.int(1)))
            return .connect(.and, formula(rest, depth: depth - 1), .compare(.equal, x, sum))
        default: return .connect(.and, left, formula([name], depth: depth - 1))
        }
    }

    private mutating func quantified(_ free: [String], _ depth: Int) -> Formula {
        guard let name = names.first(where: { !free.contains($0) }) else { return leaf(free) }
        return .quantify(.exists, [name], formula(free + [name], depth: depth - 1))
    }

    private mutating func aggregated(_ free: [String], _ depth: Int) -> Formula {
        guard let result = free.first else { return leaf(free) }
        let all: [Aggregation.Operation] = [.count, .minimum, .maximum, .sum]
        let groups = Array(free.dropFirst().prefix(1))
        guard groups.count == free.count - 1 else { return leaf(free) }
        let aggregation = Aggregation(
            result: result, operation: all[random.below(all.count)], variable: "w", groups: groups)
        let atom = Atom(groups.isEmpty ? "q" : "r", groups.map { .variable($0) } + [.variable("w")])
        let inner: Formula =
            random.below(2) == 0
            ? .atom(atom) : .modal(.once, interval(isFuture: false), .atom(atom))
        return .aggregate(aggregation, inner)
    }

    private mutating func binding(_ free: [String], _ depth: Int) -> Formula {
        let parameters = Array(names.prefix(free.count))
        let head = Atom("d\(depth)", parameters.map { .variable($0) })
        let used = Formula.atom(Atom(head.name, free.map { .variable($0) }))
        return .binding(
            head, formula(parameters, depth: depth - 1),
            .connect(.or, used, formula(free, depth: depth - 1)))
    }

    private mutating func sugar(_ free: [String], _ depth: Int) -> Formula {
        let left = formula(free, depth: depth - 1)
        let name = names.first { !free.contains($0) } ?? "u"
        switch random.below(3) {
        case 0:
            let every = Formula.quantify(
                .forAll, [name],
                .connect(.implies, formula([name], depth: 0), formula([name], depth: 0)))
            return .connect(.and, left, every)
        case 1:
            let inner = Formula.modal(
                .always, interval(isFuture: true), formula(free, depth: depth - 1))
            return .connect(.and, left, inner)
        default:
            let inner = Formula.modal(
                .historically, interval(isFuture: false), formula(free, depth: depth - 1))
            return .connect(.and, left, inner)
        }
    }

    private mutating func chain(_ free: [String], _ depth: Int) -> Formula {
        let chain: Formula.Chain = random.below(2) == 0 ? .since : .until
        let less = Array(free.shuffled(using: &random).prefix(random.below(free.count + 1)))
        var left = formula(less, depth: depth - 1)
        if random.below(2) == 0 { left = .not(left) }
        let right = formula(free, depth: depth - 1)
        return .chain(chain, interval(isFuture: chain == .until), left, right)
    }

    private mutating func interval(isFuture: Bool) -> Interval {
        let lower = random.below(3)
        if !isFuture && random.below(4) == 0 { return Interval(from: lower, to: nil) }
        return Interval(
            from: lower, includesLower: random.below(3) > 0, to: lower + 1 + random.below(4),
            includesUpper: random.below(3) > 0)
    }

    /// A log over the same relations, with repeated timestamps and empty time points.
    mutating func log(count: Int) -> [TimePoint] {
        var time = 0
        return (0..<count).map { _ in
            time += [0, 1, 1, 2, 5][random.below(5)]
            var point = TimePoint(timestamp: time)
            guard random.below(4) > 0 else { return point }
            for name in ["p", "q"] {
                point.tuples[name] = (0..<random.below(3)).map { _ in [.int(random.below(3))] }
            }
            point.tuples["r"] = (0..<random.below(3)).map { _ in
                [.int(random.below(3)), .int(random.below(3))]
            }
            if random.below(3) == 0 { point.tuples["s"] = [[]] }
            return point
        }
    }
}
