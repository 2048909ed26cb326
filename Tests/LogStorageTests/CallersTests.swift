// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Synchronization
import Testing
import TransparencyLog

/// Many callers at once, one entry a call: every one of them returns, and learns what became of its own.
@Suite struct CallersTests {
    private static func submission(_ number: Int, of source: String) -> [Submission] {
        (try? SampleLog.submissions(number..<(number + 1), source: source)) ?? []
    }

    /// Threads, and tasks beside them, that come and go: from one that nobody leads for to many that one
    /// call wakes.
    @Test(arguments: [false, true]) func everyCallerReturns(isDurable: Bool) async throws {
        let log = try SampleLog()
        _ = try log.create()
        let appender = try open(log, isDurable: isDurable)
        let callers = Callers()
        for round in 0..<(isDurable ? 40 : 120) {
            let threads = [1, 2, 3, 200, 5, 16, 40, 2][round % 8]
            let tasks = [0, 0, 1, 9, 150][round % 5]
            try await callers.run([appender], threads: threads, tasks: tasks) {
                $1 > 1 + round % 4 ? nil : Self.submission($1, of: "caller-\($0)")
            }
            #expect(callers.failureCount == 0)
        }
        let told = callers.answers
        #expect(Set(told.map(\.answer.index)) == Set(1...UInt64(told.count)))
        for own in Dictionary(grouping: told, by: \.caller).values {
            #expect(zip(own, own.dropFirst()).allSatisfy { $0.answer.index < $1.answer.index })
        }
        try appender.sign()
        let report = LogVerifier(keys: [log.key.verificationKey]).verify(LogReader(log.path)).report
        #expect(report.isIntact && report.entryCount == UInt64(told.count + 1))
    }

    /// Few threads, without a sync: one comes to wait in just the moment in which another that leads is done,
    /// again and again.
    @Test(arguments: [2, 3, 4]) func fewCallersThatMeetReturn(threads: Int) async throws {
        let log = try SampleLog()
        let appender = try log.create()
        let callers = Callers()
        let each = 24_000 / threads
        try await callers.run([appender], threads: threads, tasks: 0) {
            $1 > each ? nil : Self.submission($1, of: "caller-\($0)")
        }
        #expect(callers.failureCount == 0)
        #expect(appender.size == UInt64(threads * each + 1))
    }

    /// Hundreds of tasks come at once, then a thread or two: a thread of the log's own leads for them.
    @Test func aThreadBehindManyTasksReturns() async throws {
        let log = try SampleLog()
        _ = try log.create()
        let appender = try open(log, isDurable: true)
        let callers = Callers()
        for round in 0..<12 {
            let first = callers.callerCount
            try await callers.run([appender], threads: 1 + round % 2, tasks: 600) {
                // Each task has one entry.
                let isThread = $0 < first + 1 + round % 2
                return $1 > (isThread ? 12 : 1) ? nil : Self.submission($1, of: "caller-\($0)")
            }
        }
        #expect(callers.failureCount == 0)
        #expect(appender.size == UInt64(callers.answers.count + 1))
    }

    /// One actor's tasks begin in the order in which they are made, and each submits before it waits.
    @Test func entriesAreWrittenInTheOrderInWhichTheyCame() async throws {
        let log = try SampleLog()
        let appender = try log.create()
        let source = OrderedSource(appender)
        let indices = try await source.submitAll(300)
        #expect(indices == Array(1...300))
    }

    /// Threads that each write to several logs in turn.
    @Test func callersOfSeveralLogsReturn() async throws {
        let logs = try (0..<3).map { _ in try SampleLog() }
        let appenders = try logs.map { try $0.create() }
        let callers = Callers()
        try await callers.run(appenders, threads: 60, tasks: 20) {
            $1 > 30 ? nil : Self.submission($1, of: "caller-\($0)")
        }
        #expect(callers.failureCount == 0)
        #expect(appenders.map(\.size) == [801, 801, 801])
    }

    /// The last caller to return holds the last reference: the log closes, and opens again.
    @Test func theLastCallerMayCloseTheLog() async throws {
        let log = try SampleLog()
        _ = try log.create()
        let callers = Callers()
        let rounds = 60
        for round in 0..<rounds {
            try await callers.run([reopen(log)], threads: 1 + round % 7, tasks: round % 3) {
                $1 > 2 ? nil : Self.submission($1, of: "caller-\($0)")
            }
        }
        #expect(callers.failureCount == 0)
        #expect(try reopen(log).size == UInt64(callers.answers.count + 1))
    }

    /// Whoever lets go of a log waits until its own threads have nothing left to do: it may be opened at once,
    /// or the program may end.
    @Test func aLogThatIsLetGoOfIsClosed() async throws {
        let log = try SampleLog()
        _ = try log.create()
        for round in 1...200 {
            let appender = try open(log, isDurable: true, signingInterval: 1)
            _ = try await appender.appendWithoutBlocking(Self.submission(round, of: "task"))
        }
    }

    private func open(
        _ log: SampleLog, isDurable: Bool, signingInterval milliseconds: Int = 1_000
    ) throws -> LogAppender {
        var options = log.options
        options.isDurable = isDurable
        options.signingIntervalMilliseconds = milliseconds
        return try LogAppender(log.path, key: log.key, options: options)
    }

    /// A caller may hold it for a moment after it was told.
    private func reopen(_ log: SampleLog) throws -> LogAppender {
        for _ in 0..<2_000 {
            do {
                return try log.open()
            } catch let error as StorageError where error.code == .locked {
                usleep(5_000)
            }
        }
        return try log.open()
    }

    /// A commit that fails is told to all whose entries are in it, and to all who come later; what was
    /// acknowledged before is there when the log is opened again.
    @Test(arguments: [(1, 0), (3, 0), (40, 10), (250, 40), (0, 30)])
    func everyCallerLearnsOfAFailure(threads: Int, tasks: Int) async throws {
        let log = try SampleLog()
        _ = try log.create().append(SampleLog.submissions(1..<600))
        let sealed = "tile/entries/001"
        var appenders = [try log.open()]
        _ = try appenders[0].append(SampleLog.submissions(600..<601))
        try appenders[0].sign()
        let bytes = try log.bytes(sealed)
        try FileManager.default.removeItem(atPath: log.path + "/" + sealed)
        try FileManager.default.createDirectory(
            atPath: log.path + "/" + sealed, withIntermediateDirectories: false)

        let callers = Callers()
        try await callers.run(exchange(&appenders, with: []), threads: threads, tasks: tasks) {
            caller, number in
            // One of them retries what cannot be read, once it has been served for a while.
            caller == threads / 2 && number == 12
                ? Self.submission(300, of: "portail")
                : Self.submission(number, of: "caller-\(caller)")
        }
        #expect(callers.failureCount == threads + tasks)

        try FileManager.default.removeItem(atPath: log.path + "/" + sealed)
        try log.write(sealed, bytes)
        let again = try reopen(log)
        for told in callers.answers {
            let source = "caller-\(told.caller)"
            let answer = try again.append(Self.submission(told.number, of: source))
            #expect(answer.map(\.index) == [told.answer.index])
            #expect(answer.map(\.leafHash) == [told.answer.leafHash])
            #expect(answer.map(\.isRepetition) == [true])
        }
    }
}

/// Threads and tasks that append one entry after the other, and what they were told.
private final class Callers: Sendable {
    /// What one of them was told of an entry.
    struct Told: Sendable {
        let caller: Int
        let number: Int
        let answer: Acknowledgement
    }

    private struct State {
        var answers: [Told] = []
        var failureCount = 0
        var callerCount = 0
    }

    private let state = Mutex(State())
    private let executor = OwnThread()

    var callerCount: Int { state.withLock { $0.callerCount } }
    var answers: [Told] { state.withLock { $0.answers } }
    var failureCount: Int { state.withLock { $0.failureCount } }

    /// Has callers append until they are told of a failure, or have nothing left; none may be left waiting.
    ///
    /// They hold the logs, which are let go when the last of them returns.
    ///
    /// - Parameters:
    ///   - appenders: The logs; each caller writes to them in turn.
    ///   - threads: The number of callers that are threads.
    ///   - tasks: The number of callers that are tasks.
    ///   - submission: What a caller submits as its nth entry, counted from 1; nil for nothing more.
    /// - Throws: What fails the test, if a caller does not return.
    func run(
        _ appenders: consuming [LogAppender], threads: Int, tasks: Int,
        _ submission: @escaping @Sendable (_ caller: Int, _ number: Int) -> [Submission]?
    ) async throws {
        let first = state.withLock { state in
            defer { state.callerCount += threads + tasks }
            return state.callerCount
        }
        let group = DispatchGroup()
        for caller in first..<(first + threads + tasks) {
            group.enter()
            let appenders = appenders
            guard caller < first + threads else {
                Task(executorPreference: executor) {
                    for number in 1... {
                        guard let next = submission(caller, number) else { break }
                        let log = appenders[number % appenders.count]
                        let answer = try? await log.appendWithoutBlocking(next)
                        guard self.note(caller, number, answer) else { break }
                    }
                    group.leave()
                }
                continue
            }
            Foundation.Thread {
                for number in 1... {
                    guard let next = submission(caller, number) else { break }
                    let answer = try? appenders[number % appenders.count].append(next)
                    guard self.note(caller, number, answer) else { break }
                }
                group.leave()
            }.start()
        }
        appenders = []
        let isDone = await withCheckedContinuation { continuation in
            // Seconds count in which this process runs.
            Foundation.Thread {
                let isDone = (0..<60).contains { _ in
                    group.wait(timeout: .now() + .seconds(1)) == .success
                }
                continuation.resume(returning: isDone)
            }.start()
        }
        try #require(isDone, "every caller returns")
    }

    private func note(_ caller: Int, _ number: Int, _ answer: [Acknowledgement]?) -> Bool {
        state.withLock { state in
            guard let answer = answer?.first else {
                state.failureCount += 1
                return false
            }
            state.answers.append(Told(caller: caller, number: number, answer: answer))
            return true
        }
    }
}

/// Runs tasks on a thread of its own: those that tasks share are busy with other tests, for minutes.
private final class OwnThread: TaskExecutor {
    private let queue = DispatchQueue(label: "callers")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// One who submits entries in order, without waiting for one before the next.
private actor OrderedSource {
    private let appender: LogAppender

    init(_ appender: LogAppender) { self.appender = appender }

    /// The indices of its entries, in the order in which they were submitted.
    func submitAll(_ count: Int) async throws -> [UInt64] {
        var tasks: [Task<UInt64?, any Error>] = []
        for number in 1...count {
            let next = try SampleLog.submissions(number..<(number + 1))
            tasks.append(Task { try await self.submit(next) })
        }
        var indices: [UInt64] = []
        for task in tasks { indices += try await [task.value].compactMap { $0 } }
        return indices
    }

    private func submit(_ submissions: [Submission]) async throws -> UInt64? {
        try await appender.appendWithoutBlocking(submissions).first?.index
    }
}
