// SPDX-License-Identifier: Apache-2.0

/// Consecutive numbers that one source gave, in log order.
struct SourceRun: Sendable {
    var source: Int
    var numbers: ClosedRange<UInt64>
    var index: UInt64
    var lastIndex: UInt64
}

/// The runs of the sources in one part of the log.
struct SourceRuns: Sendable {
    private(set) var names: [[UInt8]] = []
    private(set) var runs: [SourceRun] = []
    private var open: [Int] = []
    private var latest = 0

    /// Notes the next entry.
    @inline(__always)
    mutating func note(_ name: UnsafeRawBufferPointer, _ number: UInt64, index: UInt64) {
        if unsafe names.isEmpty || !names[latest].elementsEqual(name) {
            unsafe select(name)
        }
        let run = open[latest]
        if run >= 0, runs[run].numbers.upperBound &+ 1 == number {
            runs[run].numbers = runs[run].numbers.lowerBound...number
            runs[run].lastIndex = index
        } else {
            open[latest] = runs.count
            runs.append(
                SourceRun(
                    source: latest, numbers: number...number, index: index, lastIndex: index))
        }
    }

    private mutating func select(_ name: UnsafeRawBufferPointer) {
        if let known = names.firstIndex(where: { unsafe $0.elementsEqual(name) }) {
            latest = known
            return
        }
        latest = names.count
        unsafe names.append(Array(name))
        open.append(-1)
    }
}

/// The sources' counters over the whole log, folded in log order.
struct SourceCounters {
    private struct Gap {
        var numbers: ClosedRange<UInt64>
        var index: UInt64
    }

    private struct State {
        var next: UInt64 = 1
        /// The entry with the last number; nil before the first.
        var lastIndex: UInt64?
        /// In order of their numbers.
        var gaps: [Gap] = []
    }

    private var states: [[UInt8]: State] = [:]
    private var findings: [SourceFinding] = []
    private var findingCount = 0
    /// The entries that were purged: their numbers are not missing.
    private let purged: [Range<UInt64>]

    init(purged: [Range<UInt64>] = []) { self.purged = purged }

    /// Whether entries were purged between two others.
    private func isPurged(after last: UInt64?, before index: UInt64) -> Bool {
        purged.contains { range in
            range.upperBound <= index && (last.map { $0 < range.lowerBound } ?? true)
        }
    }

    mutating func fold(_ part: SourceRuns) {
        for run in part.runs {
            let name = part.names[run.source]
            // Taken out and put back, so that its array is never copied.
            var state = states.removeValue(forKey: name) ?? State()
            fold(run, name, &state)
            states[name] = state
        }
    }

    private mutating func fold(_ run: SourceRun, _ name: [UInt8], _ state: inout State) {
        let (first, last) = (run.numbers.lowerBound, run.numbers.upperBound)
        if first > state.next {
            guard !isPurged(after: state.lastIndex, before: run.index) else {
                (state.next, state.lastIndex) = (last + 1, run.lastIndex)
                return
            }
            state.gaps.append(Gap(numbers: state.next...(first - 1), index: run.index))
        } else if first < state.next {
            let old = first...min(last, state.next - 1)
            if !fill(old, &state) {
                report(.repetition, name, old, run.index)
            }
        }
        state.next = max(state.next, last + 1)
        state.lastIndex = run.lastIndex
    }

    /// Takes late numbers out of the gaps; false if some were not missing.
    private func fill(_ numbers: ClosedRange<UInt64>, _ state: inout State) -> Bool {
        var (low, high) = (0, state.gaps.count)
        while low < high {
            let middle = (low + high) / 2
            if state.gaps[middle].numbers.upperBound < numbers.lowerBound {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < state.gaps.count else { return false }
        let gap = state.gaps[low]
        guard gap.numbers.lowerBound <= numbers.lowerBound,
            gap.numbers.upperBound >= numbers.upperBound
        else { return false }
        var rest: [Gap] = []
        if gap.numbers.lowerBound < numbers.lowerBound {
            rest.append(
                Gap(
                    numbers: gap.numbers.lowerBound...(numbers.lowerBound - 1), index: gap.index))
        }
        if gap.numbers.upperBound > numbers.upperBound {
            rest.append(
                Gap(
                    numbers: (numbers.upperBound + 1)...gap.numbers.upperBound, index: gap.index))
        }
        state.gaps.replaceSubrange(low...low, with: rest)
        return true
    }

    private mutating func report(
        _ kind: SourceFinding.Kind, _ name: [UInt8], _ numbers: ClosedRange<UInt64>,
        _ index: UInt64
    ) {
        findingCount += 1
        guard findings.count < VerificationReport.listCountMax else { return }
        findings.append(
            SourceFinding(
                kind: kind, source: String(decoding: name, as: UTF8.self), numbers: numbers,
                index: index))
    }

    /// What is wrong with the counters, by entry, and the number of findings.
    mutating func finish() -> ([SourceFinding], Int) {
        for (name, state) in states.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            for gap in state.gaps {
                report(.gap, name, gap.numbers, gap.index)
            }
        }
        return (findings.sorted { $0.index < $1.index }, findingCount)
    }
}
