// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// A log that is open for writing, its callers, and who of them writes for all.
///
/// The log's own threads may hold it a little longer than any caller holds the appender. So it is closed
/// by the thread that lets go of the appender, which waits until nothing is left to be done: the program
/// may end then, and the log may be opened again.
final class OpenLog: Sendable {
    /// Jobs that no commit has taken yet.
    private let queue = CommitQueue()
    /// Held for the length of a commit; nil once the log is closed.
    private let writer: Mutex<LogWriter?>
    /// Checkpoints that no caller waits for, and callers that may not be blocked.
    private let background = DispatchQueue(label: "vigie.log.commit")
    private let pace: SigningPace

    init(_ opened: consuming sending LogWriter) {
        pace = SigningPace(opened.options)
        writer = Mutex(opened)
    }

    /// Closes the log, which no caller uses any more.
    func close() {
        writer.withLock { writer in
            writer?.close()
            writer = nil
        }
    }

    /// Has a job written, whose caller may not be blocked.
    func add(_ job: AppendJob) {
        if queue.add(job).leads { background.async { self.lead() } }
    }

    /// Has something written, and waits for it.
    func run(_ work: AppendJob.Work) throws(StorageError) -> [Acknowledgement] {
        let job = AppendJob(work)
        let place = queue.add(job)
        if !place.leads { queue.wait(for: job, place) }
        if !job.isFinished { lead(isCaller: true) }
        guard let result = job.result else {
            preconditionFailure("a leader's own job is among those that it writes")
        }
        return try result.get()
    }

    /// The number of jobs from which on a thread of the log's own leads: among many callers the one to
    /// lead would wait for its turn to run.
    private static let promotingMax = 128

    /// Writes the jobs of all who wait, and lets somebody who came meanwhile go on.
    ///
    /// - Parameter isCaller: Whether one of the jobs is that of the thread that leads.
    private func lead(isCaller: Bool = false) {
        var round = queue.gather()
        let count = round.jobCount
        let start = MonotonicClock.nanoseconds
        let delay: Int? = writer.withLock { writer in
            writer?.commit(
                round.takeJobs(), beforeTelling: { queue.noteWaiting() },
                afterTelling: { queue.wake(round, isLed: isCaller) })
            return writer?.nextSignature(pace) ?? nil
        }
        let isLeft = queue.handOver(
            count: count, nanoseconds: MonotonicClock.nanoseconds - start,
            promotes: count < Self.promotingMax)
        if isLeft { background.async { self.lead() } }
        guard let delay else { return }
        background.asyncAfter(deadline: .now() + .milliseconds(delay)) { [weak self] in
            self?.signPlanned()
        }
    }

    private func signPlanned() {
        guard queue.lead() else {
            // Whoever leads may have looked at the clock already.
            return background.asyncAfter(deadline: .now() + .milliseconds(5)) { [weak self] in
                self?.signPlanned()
            }
        }
        pace.forgetPlan()
        lead()
    }

    /// Does something that only one may do at a time.
    func withWriter<Value: Sendable>(
        _ body: (inout LogWriter) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        let result: Result<Value, StorageError> = writer.withLock { writer in
            guard var open = writer.take() else {
                preconditionFailure("who holds the appender holds the log open")
            }
            let result: Result<Value, StorageError>
            do throws(StorageError) {
                result = .success(try body(&open))
            } catch {
                result = .failure(error)
            }
            writer = consume open
            return result
        }
        return try result.get()
    }

    /// The number of entries, without those of a commit that failed.
    var size: UInt64 { writer.withLock { $0?.toldSize ?? 0 } }
}
