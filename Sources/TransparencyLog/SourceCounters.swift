// SPDX-License-Identifier: Apache-2.0

import Snapshots

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
struct SourceCounters: Sendable {
    private struct Gap: Sendable {
        /// Where numbers stand that may have come in what was purged: they are neither missing nor, if
        /// they come now, there for the second time.
        static let purged = UInt64.max

        var numbers: ClosedRange<UInt64>
        var index: UInt64
    }

    private struct State: Sendable {
        var next: UInt64 = 1
        /// The entry with the last number; nil before the first.
        var lastIndex: UInt64?
        /// In order of their numbers.
        var gaps: [Gap] = []
        /// The last number, and the entry where the run of consecutive numbers began that it ends.
        var last: UInt64 = 0
        var runStart: UInt64 = 0
        /// The finding that the run ends in, if its last number came twice; its place in the list,
        /// or beyond it.
        var repetition: Int?
    }

    private var states: [[UInt8]: State] = [:]
    private var findings: [SourceFinding] = []
    private var findingCount = 0
    /// The entries that were purged: their numbers are not missing.
    var purged: [Range<UInt64>]

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

    /// Takes in a run.
    ///
    /// Where runs are cut does not matter: one that goes on where the last one of its source ended
    /// is the same run.
    private mutating func fold(_ run: SourceRun, _ name: [UInt8], _ state: inout State) {
        let (first, last) = (run.numbers.lowerBound, run.numbers.upperBound)
        if state.last == 0 || first != state.last &+ 1 {
            (state.runStart, state.repetition) = (run.index, nil)
        }
        if first > state.next {
            let isPurged = isPurged(after: state.lastIndex, before: run.index)
            state.gaps.append(
                Gap(
                    numbers: state.next...(first - 1),
                    index: isPurged ? Gap.purged : state.runStart))
        } else if first == state.next {
            state.repetition = nil
        } else {
            let repeated = Self.fill(first...min(last, state.next - 1), &state)
            for numbers in repeated { note(repeated: numbers, name, &state) }
            // A run that ends in other numbers ends the finding.
            if repeated.last?.upperBound != last { state.repetition = nil }
        }
        state.next = max(state.next, last &+ 1)
        (state.last, state.lastIndex) = (last, run.lastIndex)
    }

    /// Reports numbers that came twice, or that a finding goes on with them.
    private mutating func note(
        repeated numbers: ClosedRange<UInt64>, _ name: [UInt8], _ state: inout State
    ) {
        if let place = state.repetition, numbers.lowerBound == state.last &+ 1 {
            guard place < findings.count else { return }
            let first = min(findings[place].numbers.lowerBound, numbers.lowerBound)
            findings[place].numbers = first...numbers.upperBound
            return
        }
        state.repetition = findings.count < VerificationReport.listCountMax ? findings.count : .max
        report(.repetition, name, numbers, state.runStart)
    }

    /// Takes late numbers out of the gaps.
    ///
    /// - Returns: Those that were not missing, as ranges in order.
    private static func fill(
        _ numbers: ClosedRange<UInt64>, _ state: inout State
    ) -> [ClosedRange<UInt64>] {
        var (low, high) = (0, state.gaps.count)
        while low < high {
            let middle = (low + high) / 2
            if state.gaps[middle].numbers.upperBound < numbers.lowerBound {
                low = middle + 1
            } else {
                high = middle
            }
        }
        var end = low
        var rest: [Gap] = []
        var repeated: [ClosedRange<UInt64>] = []
        var next = numbers.lowerBound
        while end < state.gaps.count, state.gaps[end].numbers.lowerBound <= numbers.upperBound {
            let gap = state.gaps[end]
            let (first, last) = (gap.numbers.lowerBound, gap.numbers.upperBound)
            if first < numbers.lowerBound {
                rest.append(Gap(numbers: first...(numbers.lowerBound - 1), index: gap.index))
            }
            if next < first { repeated.append(next...(first - 1)) }
            if last > numbers.upperBound {
                rest.append(Gap(numbers: (numbers.upperBound + 1)...last, index: gap.index))
            }
            next = last &+ 1
            end += 1
        }
        state.gaps.replaceSubrange(low..<end, with: rest)
        if next <= numbers.upperBound { repeated.append(next...numbers.upperBound) }
        return repeated
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
            for gap in state.gaps where gap.index != Gap.purged {
                report(.gap, name, gap.numbers, gap.index)
            }
        }
        return (findings.sorted { $0.index < $1.index }, findingCount)
    }
}

extension SourceCounters {
    /// Writes the counters, in the order of the sources' names.
    func encode(to writer: inout SnapshotWriter) {
        let sources = states.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        writer.write(each: sources) { writer, source in
            writer.write(bytes: source.key)
            writer.write(source.value.next)
            writer.write(source.value.last)
            writer.write(source.value.runStart)
            writer.write(source.value.lastIndex) { $0.write($1) }
            writer.write(source.value.repetition) { $0.write(count: $1) }
            writer.write(each: source.value.gaps) { writer, gap in
                writer.write(gap.numbers.lowerBound)
                writer.write(gap.numbers.upperBound)
                writer.write(gap.index)
            }
        }
        writer.write(each: findings) { writer, finding in
            writer.write(finding.kind == .gap)
            writer.write(finding.source)
            writer.write(finding.numbers.lowerBound)
            writer.write(finding.numbers.upperBound)
            writer.write(finding.index)
        }
        writer.write(count: findingCount)
    }

    /// Reads counters.
    init(
        from reader: inout SnapshotReader, purged: [Range<UInt64>]
    ) throws(MalformedSnapshot) {
        self.purged = purged
        let sources = try reader.list { reader throws(MalformedSnapshot) in
            let name = Array(try reader.content())
            var state = State(next: try reader.number())
            state.last = try reader.number()
            state.runStart = try reader.number()
            state.lastIndex = try reader.optional { reader throws(MalformedSnapshot) in
                try reader.number()
            }
            state.repetition = try reader.optional { reader throws(MalformedSnapshot) in
                Int(clamping: try reader.number())
            }
            state.gaps = try reader.list { reader throws(MalformedSnapshot) in
                let numbers = try Self.numbers(&reader)
                return Gap(numbers: numbers, index: try reader.number())
            }
            return (name, state)
        }
        states = Dictionary(sources) { first, _ in first }
        guard states.count == sources.count else { throw MalformedSnapshot() }
        findings = try reader.list { reader throws(MalformedSnapshot) in
            let kind: SourceFinding.Kind = try reader.flag() ? .gap : .repetition
            let source = try reader.text()
            let numbers = try Self.numbers(&reader)
            return SourceFinding(
                kind: kind, source: source, numbers: numbers, index: try reader.number())
        }
        guard let count = Int(exactly: try reader.number()) else { throw MalformedSnapshot() }
        findingCount = count
    }

    private static func numbers(
        _ reader: inout SnapshotReader
    ) throws(MalformedSnapshot) -> ClosedRange<UInt64> {
        let (first, last) = (try reader.number(), try reader.number())
        guard first <= last else { throw MalformedSnapshot() }
        return first...last
    }
}
