// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What was decided before under one policy set, by facts.
///
/// Open addressing over two plain arrays: it is asked for every access, and most answers are an
/// allow of which nothing more is to be said.
struct DecisionTable {
    private struct Slot: BitwiseCopyable {
        /// The number of the decision plus one; zero where there is none.
        var number: Int32 = 0
        var isQuietAllow = false
    }

    private var slots: [Slot] = Array(repeating: Slot(), count: 1_024)
    private var facts: [AccessFacts] = []
    private var judgements: [Judgement] = []

    /// The place of a decision, for the calls that follow; nil if there is none on these facts.
    func place(of wanted: AccessFacts) -> Int? {
        var position = Int(truncatingIfNeeded: wanted.mixed) & (slots.count &- 1)
        while true {
            let number = Int(slots[position].number)
            if number == 0 { return nil }
            if facts[number &- 1] == wanted { return position }
            position = (position &+ 1) & (slots.count &- 1)
        }
    }

    /// Keeps a decision, and returns its place.
    mutating func add(_ newFacts: AccessFacts, _ judgement: Judgement) -> Int {
        if facts.count >= slots.count / 2 {
            slots = Array(repeating: Slot(), count: slots.count * 2)
            for number in facts.indices { _ = insert(number) }
        }
        facts.append(newFacts)
        judgements.append(judgement)
        return insert(facts.count - 1)
    }

    /// Whether a decision allows, and every policy could be evaluated.
    func isQuietAllow(_ place: Int) -> Bool { slots[place].isQuietAllow }

    /// A decision.
    subscript(place: Int) -> Judgement { judgements[Int(slots[place].number) - 1] }

    private mutating func insert(_ number: Int) -> Int {
        var position = Int(truncatingIfNeeded: facts[number].mixed) & (slots.count - 1)
        while slots[position].number != 0 { position = (position + 1) & (slots.count - 1) }
        let judgement = judgements[number]
        slots[position] = Slot(
            number: Int32(number + 1),
            isQuietAllow: judgement.decision == .allow && judgement.errors.isEmpty)
        return position
    }
}
