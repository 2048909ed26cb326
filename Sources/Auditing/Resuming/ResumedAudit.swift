// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import TransparencyLog

/// What came of an audit that goes on from a saved state where it may.
public struct ResumedAudit: Sendable {
    /// What verification found.
    public internal(set) var report: VerificationReport
    /// The log, if it is intact.
    public internal(set) var log: LogUnderAudit?
    /// What the audit found; nil if the log is not intact.
    public internal(set) var result: AuditResult?
    /// The number of entries that were not read again; 0 if all were.
    public internal(set) var resumedAt: UInt64 = 0
    /// Why the saved state was not believed; nil if it was, or if there was none.
    public internal(set) var fault: SavedStateFault?
    /// The state to leave for the next audit; nil where there can be none, for a log
    /// that is not intact.
    public internal(set) var state: [UInt8]?
}

/// How an audit reads a log: what a command settles once.
public struct AuditReading: Sendable {
    /// The keys that are trusted, and what else is asked for.
    let verifier: LogVerifier
    /// The digest of the program that runs; nil where no state is read or left.
    let program: SHA256Digest?
    /// How many threads may work at once.
    let workers: Int
    /// Called with the entries verified and to be verified.
    let progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)?

    /// Settles it.
    public init(
        _ verifier: LogVerifier, program: SHA256Digest?, workers: Int = 1,
        progress: (@Sendable (_ done: UInt64, _ total: UInt64) -> Void)? = nil
    ) {
        (self.verifier, self.program) = (verifier, program)
        (self.workers, self.progress) = (workers, progress)
    }
}

extension Auditor {
    /// The version of the policy set that stands in where none is in force.
    public var referenceVersion: SHA256Digest? { reference?.version }

    /// Verifies and audits a log, from a saved state on where that can be believed.
    ///
    /// It is believed if this program left it under these policies, if the log's signed head is the
    /// root over what it holds, and if the log itself records its digest. Whatever is wrong with
    /// it, the findings are those of an audit that reads everything: it saves time, and can neither
    /// hide nor invent anything.
    ///
    /// - Parameters:
    ///   - source: The log's bytes.
    ///   - saved: The bytes that the last audit left; nil to read everything.
    ///   - reading: The keys, the program and the threads.
    /// - Returns: What was found, and the state to leave.
    /// - Throws: ``TransparencyLog/ReplayError`` if the log changed after it was verified.
    public func audit(
        _ source: some LogSource, from saved: [UInt8]?, _ reading: AuditReading
    ) throws -> ResumedAudit {
        // What looks at the whole history reads it whole: no saved state holds that.
        guard let program = reading.program, !folders.contains(where: \.needsWholeLog) else {
            return try auditAlone(source, reading)
        }
        guard let saved else { return try auditWhole(source, reading, program) }
        switch try goOn(source, from: saved, reading, program) {
        case .success(let audit): return audit
        case .failure(let fault):
            var audit = try auditWhole(source, reading, program)
            audit.fault = fault
            return audit
        }
    }

    private func goOn(
        _ source: some LogSource, from saved: [UInt8], _ reading: AuditReading,
        _ program: SHA256Digest
    ) throws -> Result<ResumedAudit, SavedStateFault> {
        let snapshot: AuditSnapshot
        do throws(SavedStateFault) {
            snapshot = try SavedState.decode(saved, program: program, for: self)
        } catch {
            return .failure(error)
        }
        let digest = SHA256Hasher().hash(saved)
        let report: VerificationReport
        let found: (log: LogUnderAudit?, point: ResumePoint?)
        do throws(OutdatedPrefix) {
            (report, found.log, found.point) = try LogUnderAudit.resume(
                source, by: reading.verifier, from: snapshot, workers: reading.workers,
                progress: reading.progress)
        } catch {
            var whole = try auditWhole(source, reading, program)
            let isOurs = try whole.log.map { try snapshot.isRecorded(digest, in: $0.entries) }
            whole.fault = isOurs ?? true ? .outdated : .unrecorded
            return .success(whole)
        }
        // A log that was altered since is said to be so by the reading of everything.
        guard let log = found.log, let point = found.point else { return .failure(.contradicted) }
        guard try snapshot.isRecorded(digest, in: log.entries) else {
            return .failure(.unrecorded)
        }
        let (result, left) = try audit(log, at: point, from: snapshot, workers: reading.workers)
        return .success(
            ResumedAudit(
                report: report, log: log, result: result, resumedAt: snapshot.treeSize,
                state: SavedState.encode(left, program: program)))
    }

    /// An audit that stands alone: nothing is kept for another.
    private func auditAlone(
        _ source: some LogSource, _ reading: AuditReading
    ) throws -> ResumedAudit {
        let (report, log) = LogUnderAudit.verify(
            source, by: reading.verifier, workers: reading.workers, progress: reading.progress)
        let result = try log.map { try audit($0, workers: reading.workers) }
        return ResumedAudit(report: report, log: log, result: result)
    }

    private func auditWhole(
        _ source: some LogSource, _ reading: AuditReading, _ program: SHA256Digest
    ) throws -> ResumedAudit {
        let (report, log, point) = try LogUnderAudit.resume(
            source, by: reading.verifier, from: nil, workers: reading.workers,
            progress: reading.progress)
        guard let log, let point else { return ResumedAudit(report: report) }
        let (result, left) = try audit(log, at: point, from: nil, workers: reading.workers)
        return ResumedAudit(
            report: report, log: log, result: result,
            state: SavedState.encode(left, program: program))
    }
}
