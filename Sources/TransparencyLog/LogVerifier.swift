// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Dispatch
import Synchronization

/// Verifies a log: says whether it was altered since it was signed.
///
/// It reads the head first and judges exactly what the head covers, so that a log that is being
/// written is never accused. It goes on after the first violation, since an auditor needs to know
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
    /// Memory does not grow with the log, but for two hashes a bundle of 256 entries.
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
        var judgement = Judgement(keys: keys, source: source, demands: demands)
        let head = judgement.readHead()
        var states: [State] = []
        do throws(LogSourceError) {
            let locator = try BundleLocator(source: source)
            let treeSize = head?.checkpoint.treeSize ?? locator.discoveredSize()
            let queue = ChunkQueue(locator, treeSize, progress)
            let folded = Mutex<[State]>([])
            let work: @Sendable (Int) -> Void = { _ in
                var state = initial()
                queue.work { fold(&state, $0) }
                folded.withLock { [state] in $0.append(state) }
            }
            if workers <= 1 || queue.chunkCount < 2 {
                work(0)
            } else {
                DispatchQueue.concurrentPerform(iterations: workers, execute: work)
            }
            states = folded.withLock { $0 }
            judgement.fold(queue.chunks, locator, treeSize)
            judgement.judgeTree(locator, treeSize, head)
            judgement.judgeRemovals(locator, treeSize)
            judgement.judgeKeys(head)
            judgement.judgeKeptCheckpoints(locator, treeSize)
            judgement.judgeWitnesses()
        } catch {
            judgement.report(IntegrityViolation(.unreadableFile, path: error.path))
        }
        let verification = judgement.finish()
        return (verification, verification.log == nil ? [] : states)
    }
}

/// What the workers of one verification share: the chunks that nobody has judged yet.
private final class ChunkQueue: Sendable {
    /// The number of bundles that may be missing before the rest is not looked at.
    private static let missingBundleMax = 4_096

    let chunkCount: UInt64
    private let locator: BundleLocator
    private let treeSize: UInt64
    private let progress: (@Sendable (UInt64, UInt64) -> Void)?
    /// The next chunk that nobody has.
    private let next = Atomic<UInt64>(0)
    /// The number of missing bundles so far.
    private let missing = Atomic<Int>(0)
    /// The number of entries judged so far.
    private let done = Atomic<UInt64>(0)
    private let results = Mutex<[(UInt64, ChunkResult)]>([])

    init(
        _ locator: BundleLocator, _ treeSize: UInt64,
        _ progress: (@Sendable (UInt64, UInt64) -> Void)?
    ) {
        self.locator = locator
        self.treeSize = treeSize
        self.progress = progress
        let width = UInt64(LogPath.fullWidth)
        let bundleCount = treeSize / width + (treeSize % width == 0 ? 0 : 1)
        chunkCount = (bundleCount + ChunkResult.bundleCount - 1) / ChunkResult.bundleCount
    }

    /// Judges chunks until none is left; one worker's share.
    func work(visit: (borrowing EntryView) -> Void) {
        let width = UInt64(LogPath.fullWidth)
        let bundleCount = treeSize / width + (treeSize % width == 0 ? 0 : 1)
        var judge = ChunkJudge(locator: locator, treeSize: treeSize)
        while missing.load(ordering: .relaxed) < Self.missingBundleMax {
            let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard chunk < chunkCount else { return }
            let first = chunk * ChunkResult.bundleCount
            let last = min(first + ChunkResult.bundleCount, bundleCount)
            let result = judge.judge(first..<last, visit: visit)
            missing.wrappingAdd(result.missingCount, ordering: .relaxed)
            results.withLock { $0.append((chunk, result)) }
            let count = min(last * width, treeSize) - first * width
            let total = done.wrappingAdd(count, ordering: .relaxed).newValue
            progress?(total, treeSize)
        }
    }

    /// What was found in each chunk, in log order.
    var chunks: [ChunkResult] {
        results.withLock { results in
            results.sort { $0.0 < $1.0 }
            return results.map(\.1)
        }
    }
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
