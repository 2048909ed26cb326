// SPDX-License-Identifier: Apache-2.0

/// The rules that some policy sets have, as findings name them: `R15`, whatever its policies are.
public struct RuleNames: Sendable {
    /// The names, in order.
    public let all: [String]

    /// What the engine itself finds under any policy set.
    private static let ofEngine = ["M01", "M02", "M03"]
    private static let listCountMax = 5

    /// Reads the rules of some policy sets.
    public init(of folders: [PolicySetFolder]) {
        let names = folders.flatMap { folder in
            folder.rules.keys.map { Judgement.rule(of: $0) } + [folder.defaultDenyRule]
        }
        all = Set(names + Self.ofEngine).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether findings can be of a rule of this name.
    public func contains(_ name: String) -> Bool {
        all.contains { $0.utf8.elementsEqual(name.utf8) }
    }

    /// The rules whose names are nearest to a text that is none, a few at most.
    public func nearest(to text: String) -> [String] {
        // `r15-portefeuille` is a policy of R15.
        let wanted = Array((text.split(separator: "-").first ?? "").uppercased().utf8.prefix(64))
        let distances = all.map { ($0, Self.distance(Array($0.utf8), wanted)) }
        guard let least = distances.map(\.1).min() else { return [] }
        return distances.filter { $0.1 == least }.prefix(Self.listCountMax).map(\.0)
    }

    /// The number of letters to change, add or take away (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (place, letter) in left.enumerated() {
            var (diagonal, above) = (row[0], 0)
            row[0] = place + 1
            for column in 0..<right.count {
                above = row[column + 1]
                let change = diagonal + (letter == right[column] ? 0 : 1)
                row[column + 1] = min(above + 1, row[column] + 1, change)
                diagonal = above
            }
        }
        return row[right.count]
    }
}
