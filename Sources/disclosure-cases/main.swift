// SPDX-License-Identifier: Apache-2.0

import Disclosure
import Glibc

/// Protects the tables that standard input describes, and says which cells each one masks.
///
///     cell VALUE WEIGHT choice|published|hidden BELOW ABOVE WIDTH
///     relation CELL:FACTOR CELL:FACTOR …
///     solve NAME
func answer(_ table: LinearTable) -> String {
    do throws(DisclosureError) {
        var search = try SuppressionSearch(table)
        let outcome = try search.solve()
        let hidden = outcome.isHidden.indices.filter { outcome.isHidden[$0] }.map(String.init)
        return "\(outcome.isOptimal ? "optimal" : "found") \(outcome.cost) "
            + hidden.joined(separator: ",")
    } catch {
        return "refused \(error.code.rawValue)"
    }
}

var table = LinearTable()
while let line = readLine() {
    let words = line.split(separator: " ").map(String.init)
    switch words.first {
    case "cell" where words.count == 7:
        let numbers = (words[1...2] + words[4...6]).compactMap { Int64($0) }
        let roles: [String: LinearTable.Role] = [
            "choice": .choice, "published": .published, "hidden": .hidden,
        ]
        guard numbers.count == 5, let role = roles[words[3]] else { exit(65) }
        _ = table.add(
            LinearTable.Cell(
                numbers[0], weight: numbers[1], role: role,
                need: LinearTable.Need(below: numbers[2], above: numbers[3], width: numbers[4])))
    case "relation":
        table.relate(
            words.dropFirst().compactMap { word in
                let parts = word.split(separator: ":").compactMap { Int64($0) }
                return parts.count == 2 ? LinearTable.Term(Int(parts[0]), parts[1]) : nil
            })
    case "solve" where words.count == 2:
        let clock = ContinuousClock()
        let start = clock.now
        let result = answer(table)
        let took = (clock.now - start).components
        let milliseconds = took.seconds * 1_000 + took.attoseconds / 1_000_000_000_000_000
        print(words[1], milliseconds, result)
        table = LinearTable()
    default: exit(65)
    }
}
