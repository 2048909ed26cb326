// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Synchronization

/// Verifies a log: says whether it was altered since it was signed.
///
/// It reads the head first and judges exactly what the head covers, so that a log that is being
/// written is never accused; where a purge took what that head covers, it judges again, by the head that
/// the purge was signed under. It goes on after the first violation, since an auditor needs to know
/// how far the damage reaches. That access was *permitted* is no part of its question.
public struct LogVerifier: Sendable {
    /// The keys that are trusted, first of all the one handed over when the log was opened.
    public let keys: [LogVerificationKey]
    /// What else the reader asks for.
    public let demands: VerificationDemands

    /// Makes a verifier that trusts some keys.
    public init(keys: [LogVerificationKey], demands: VerificationDemands = .init()) {
        self.keys = keys
        self.demands = demands
    }

    /// Verifies the entries that the head covers, its tree, its signatures and its copies.
    ///
    /// Memory does not grow with the log, but for a hash a bundle of 256 entries, by which the log is
    /// replayed; ``check(_:workers:progress:)`` does without.
    ///
    /// - Parameters:
    ///   - source: The log's bytes.
    ///   - workers: The number of threads that work at once.
    ///   - progress: Called from these threads with the entries judged and to be judged.
    /// - Returns: What was found, and the log to be replayed if it is intact.
    public func verify(
        _ source: some LogSource, workers: Int = 1,
        progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)? = nil
    ) -> Verification {
        verify(source, workers: workers, progress: progress, initial: {}, fold: { _, _ in })
            .verification
    }

    /// Verifies a log of which nothing but the report is needed.
    ///
    /// Memory does not grow with the number of entries.
    ///
    /// - Parameters:
    ///   - source: The log's bytes.
    ///   - workers: The number of threads that work at once.
    ///   - progress: Called from these threads with the entries judged and to be judged.
    /// - Returns: What was found.
    public func check(
        _ source: some LogSource, workers: Int = 1,
        progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)? = nil
    ) -> VerificationReport {
        let read = read(
            source, from: nil, keeping: .none, workers: workers, progress: progress,
            initial: { _ in }, fold: { _, _ in })
        return read.verification.report
    }

    /// Verifies a log, and folds its entries in the same reading.
    ///
    /// Each worker folds the entries it reads, in the order of the log, into a state of its own:
    /// every entry into one of them. At that time an entry is no more than canonical, so the
    /// states are handed over only if the whole log turned out to be intact, and then they say
    /// what a replay would have said.
    ///
    /// - Parameters:
    ///   - source: The log's bytes.
    ///   - workers: The number of threads that work at once.
    ///   - progress: Called from these threads with the entries judged and to be judged.
    ///   - initial: Makes a worker's state.
    ///   - fold: Takes an entry into a worker's state; it must have no other effect.
    /// - Returns: What was found, and the states of the workers; none unless the log is intact.
    public func verify<State: Sendable>(
        _ source: some LogSource, workers: Int = 1,
        progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)? = nil,
        initial: @escaping @Sendable () -> State,
        fold: @escaping @Sendable (inout State, borrowing EntryView) -> Void
    ) -> (verification: Verification, states: [State]) {
        let read = read(
            source, from: nil, keeping: .lastLeaves, workers: workers, progress: progress,
            initial: { _ in initial() }, fold: fold)
        return (read.verification, read.states)
    }

    /// Verifies a log from where an earlier verification left it.
    ///
    /// - Parameters:
    ///   - source: The log's bytes.
    ///   - prefix: The bundles that were verified; nil to read everything.
    ///   - workers: The number of threads that work at once.
    ///   - progress: Called from these threads with the entries judged and to be judged.
    ///   - initial: Makes a worker's state, given where the last whole bundle ends.
    ///   - fold: Takes an entry that is not of the prefix into a worker's state.
    /// - Returns: What was found, where to go on from next time, and the states of the workers; the
    ///   last two only if the log is intact.
    /// - Throws: ``OutdatedPrefix`` if bundles of the prefix were purged since: it is not resumed.
    public func resume<State: Sendable>(
        _ source: some LogSource, from prefix: VerifiedPrefix?, workers: Int = 1,
        progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)? = nil,
        initial: @escaping @Sendable (_ wholeSize: UInt64) -> State,
        fold: @escaping @Sendable (inout State, borrowing EntryView) -> Void
    ) throws(OutdatedPrefix) -> Resumption<State> {
        let read = read(
            source, from: prefix, keeping: .roots, workers: workers, progress: progress,
            initial: initial, fold: fold)
        guard !read.isOutdated else { throw OutdatedPrefix() }
        return (read.verification, read.prefix, read.states)
    }

    /// What came of going on, as ``resume(_:from:workers:progress:initial:fold:)`` says.
    public typealias Resumption<State> = (
        verification: Verification, prefix: VerifiedPrefix?, states: [State]
    )

    private struct Reading<State> {
        var verification: Verification
        var prefix: VerifiedPrefix?
        var states: [State] = []
        var isOutdated = false
    }

    /// How often a log is judged whose head moves on meanwhile.
    private static let readingCountMax = 3

    private func read<State: Sendable>(
        _ source: some LogSource, from prefix: VerifiedPrefix?, keeping kept: KeptHashes,
        workers: Int, progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)?,
        initial: @escaping @Sendable (_ wholeSize: UInt64) -> State,
        fold: @escaping @Sendable (inout State, borrowing EntryView) -> Void
    ) -> Reading<State> {
        var count = 1
        while true {
            let head = try? source.bytes(of: .checkpoint)
            let reading = readOnce(
                source, from: prefix, keeping: kept, workers: workers, progress: progress,
                initial: initial, fold: fold)
            guard reading.verification.report.violationCount > 0, count < Self.readingCountMax,
                let head, head != (try? source.bytes(of: .checkpoint))
            else { return reading }
            count += 1
        }
    }

    private func readOnce<State: Sendable>(
        _ source: some LogSource, from prefix: VerifiedPrefix?, keeping kept: KeptHashes,
        workers: Int, progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)?,
        initial: @escaping @Sendable (_ wholeSize: UInt64) -> State,
        fold: @escaping @Sendable (inout State, borrowing EntryView) -> Void
    ) -> Reading<State> {
        var judgement = Judgement(
            keys: keys, source: source, demands: demands, prefix: prefix, keeping: kept)
        let head = judgement.readHead()
        if let prefix, head.map({ !$0.checkpoint.continues(prefix) }) ?? true {
            judgement.report(IntegrityViolation(.inconsistentCheckpoint, path: .checkpoint))
            return Reading(verification: judgement.finish())
        }
        var states: [State] = []
        do throws(LogSourceError) {
            let locator = try BundleLocator(
                source: source, below: head?.checkpoint.treeSize ?? .max)
            let treeSize = head?.checkpoint.treeSize ?? locator.discoveredSize()
            if let prefix {
                let absent = try locator.absentBundles(among: prefix.roots.count)
                guard EntryBundle.runs(of: absent) == prefix.absent,
                    locator.standingPurge == prefix.standingPurge
                else {
                    return Reading(verification: judgement.finish(), isOutdated: true)
                }
            }
            judgement.begin(locator, treeSize)
            let queue = ChunkQueue(locator, judgement, progress, workers: workers)
            states = Self.work(queue, workers, initial, fold)
            judgement = queue.judgement
            judgement.endFold()
            judgement.judgeTree(locator)
            judgement.judgeRemovals(locator, treeSize)
            judgement.judgeKeys(head)
            judgement.judgeKeptCheckpoints(locator, treeSize)
            judgement.judgeWitnesses()
            judgement.judgeAnchors()
        } catch {
            judgement.report(IntegrityViolation(.unreadableFile, path: error.path))
        }
        let verification = judgement.finish()
        guard verification.log != nil else { return Reading(verification: verification) }
        return Reading(
            verification: verification, prefix: judgement.verifiedPrefix(), states: states)
    }

    private static func work<State: Sendable>(
        _ queue: ChunkQueue, _ workers: Int, _ initial: @escaping @Sendable (UInt64) -> State,
        _ fold: @escaping @Sendable (inout State, borrowing EntryView) -> Void
    ) -> [State] {
        let folded = Mutex<[State]>([])
        let work: @Sendable (Int) -> Void = { _ in
            var state = initial(queue.wholeSize)
            queue.work { fold(&state, $0) }
            folded.withLock { [state] in $0.append(state) }
        }
        if workers <= 1 || queue.chunkCount < 2 {
            work(0)
        } else {
            DispatchQueue.concurrentPerform(iterations: workers, execute: work)
        }
        return folded.withLock { $0 }
    }
}

extension Checkpoint {
    /// Whether the head is of the same log and covers at least the prefix.
    fileprivate func continues(_ prefix: VerifiedPrefix) -> Bool {
        origin.utf8.elementsEqual(prefix.origin.utf8) && treeSize >= prefix.treeSize
    }
}

/// What the workers of one verification share: the chunks that nobody has judged yet.
private final class ChunkQueue: Sendable {
    /// The number of bundles that may be missing before the rest is not looked at.
    private static let missingBundleMax = 4_096

    let chunkCount: UInt64
    private let firstBundle: UInt64
    private let wholeBundles: UInt64
    private let wholeChunks: UInt64
    private let locator: BundleLocator
    private let treeSize: UInt64
    private let progress: (@Sendable (UInt64, UInt64) -> Void)?
    /// The next chunk that nobody has.
    private let next = Atomic<UInt64>(0)
    /// The number of missing bundles so far.
    private let missing = Atomic<Int>(0)
    /// The number of entries judged so far.
    private let done = Atomic<UInt64>(0)
    /// What the chunks so far come to, and those that are judged before one that precedes them.
    private let folded: Mutex<(judgement: Judgement, count: UInt64, early: [UInt64: ChunkResult])>
    /// One for each chunk that may be judged and not yet folded: no worker runs far ahead of another.
    private let room: DispatchSemaphore

    init(
        _ locator: BundleLocator, _ judgement: Judgement,
        _ progress: (@Sendable (UInt64, UInt64) -> Void)?, workers: Int
    ) {
        self.locator = locator
        self.progress = progress
        folded = Mutex((judgement, 0, [:]))
        room = DispatchSemaphore(value: 4 * max(workers, 1))
        firstBundle = judgement.bundleCount
        treeSize = judgement.report.entryCount
        let width = UInt64(LogPath.fullWidth)
        wholeBundles = max(treeSize / width, self.firstBundle)
        let count = wholeBundles - self.firstBundle
        wholeChunks = (count + ChunkResult.bundleCount - 1) / ChunkResult.bundleCount
        chunkCount = wholeChunks + (treeSize % width == 0 ? 0 : 1)
        done.store(self.firstBundle * width, ordering: .relaxed)
    }

    /// Where the last whole bundle ends.
    var wholeSize: UInt64 { wholeBundles * UInt64(LogPath.fullWidth) }

    /// The bundles of a chunk; a bundle that is not full is one of its own.
    private func bundles(_ chunk: UInt64) -> Range<UInt64> {
        guard chunk < wholeChunks else { return wholeBundles..<(wholeBundles + 1) }
        let first = firstBundle + chunk * ChunkResult.bundleCount
        return first..<min(first + ChunkResult.bundleCount, wholeBundles)
    }

    /// Judges chunks until none is left; one worker's share.
    func work(visit: (borrowing EntryView) -> Void) {
        let width = UInt64(LogPath.fullWidth)
        var judge = ChunkJudge(locator: locator, treeSize: treeSize)
        let hasher = SHA256Hasher()
        while true {
            // Before a chunk is taken: whoever has the next one to be folded must not wait.
            room.wait()
            let isHopeless = missing.load(ordering: .relaxed) >= Self.missingBundleMax
            let chunk = isHopeless ? chunkCount : next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard chunk < chunkCount else {
                room.signal()
                return
            }
            let bundles = bundles(chunk)
            let result = judge.judge(bundles, visit: visit)
            missing.wrappingAdd(result.missingCount, ordering: .relaxed)
            fold(result, of: chunk, hasher)
            let count = min(bundles.upperBound * width, treeSize) - bundles.lowerBound * width
            let total = done.wrappingAdd(count, ordering: .relaxed).newValue
            progress?(total, treeSize)
        }
    }

    /// Folds a chunk's result, and those after it that waited for it, in log order.
    private func fold(
        _ result: ChunkResult, of chunk: UInt64, _ hasher: borrowing SHA256Hasher
    ) {
        folded.withLock { folded in
            folded.early[chunk] = result
            while let next = folded.early.removeValue(forKey: folded.count) {
                folded.judgement.fold(next, hasher: hasher)
                folded.count += 1
                room.signal()
            }
        }
    }

    /// What all chunks come to, once no worker is left.
    var judgement: Judgement { folded.withLock { $0.judgement } }
}

extension BundleLocator {
    /// The number of entries that are there, where no checkpoint says it.
    func discoveredSize() -> UInt64 {
        let width = UInt64(LogPath.fullWidth)
        var (low, high) = (UInt64(0), UInt64(1))
        while exists(high - 1) { (low, high) = (high, high * 2) }
        while low + 1 < high {
            let middle = (low + high) / 2
            if exists(middle - 1) { low = middle } else { high = middle }
        }
        return max(low * width, segments.map(\.end).max() ?? 0)
    }

    private func exists(_ bundle: UInt64) -> Bool {
        guard bundle < 1 << 40 else { return false }
        let path = LogPath.bundle(index: bundle, width: LogPath.fullWidth)
        // What cannot be read is reported when it is judged.
        return (try? source.withFile(path) { _ in true }) == true
    }
}
