// SPDX-License-Identifier: Apache-2.0

/// What a reader asks of a log besides that it is as it was signed.
public struct VerificationDemands: Sendable {
    /// The witnesses that must have cosigned the log's checkpoints; nil to ask for none.
    public var policy: WitnessPolicy?
    /// The time-stamping authorities that must have stamped the log; nil to look at no time stamp.
    public var anchors: AnchorDemands?

    /// Makes demands.
    public init(policy: WitnessPolicy? = nil, anchors: AnchorDemands? = nil) {
        self.policy = policy
        self.anchors = anchors
    }
}

/// Up to where the witnesses that a reader trusts have seen a log.
public struct WitnessReport: Hashable, Sendable {
    /// The cosignatures under the head.
    public internal(set) var head = Cosigning()
    /// The largest checkpoint of the log that a quorum cosigned; nil if there is none.
    public internal(set) var witnessed: Checkpoint?
    /// The cosignatures under that checkpoint.
    public internal(set) var cosigning = Cosigning()
}

extension Judgement {
    /// Looks for the cosignatures that the reader's policy asks for.
    ///
    /// A head that no quorum has cosigned *yet* is no sign of tampering where an earlier checkpoint
    /// of the same log has its quorum: a log grows between two rounds of its witnesses. A log that
    /// no quorum ever cosigned is what a reader with a policy must refuse.
    mutating func judgeWitnesses() {
        guard let policy = demands.policy, let head else { return }
        // The keys of one log follow each other: any of them names it.
        let keys = Set(self.report.keyEpochs.map(\.key))
        if !policy.logs.isEmpty, !policy.logs.contains(where: { keys.contains($0.key) }) {
            self.report(IntegrityViolation(.unlistedLog, path: .checkpoint))
        }
        var report = WitnessReport()
        report.head = cosigning(of: head, .checkpoint, policy)
        if report.head.isQuorum {
            (report.witnessed, report.cosigning) = (head.checkpoint, report.head)
        } else {
            for kept in keptNotes.reversed() {
                let path = LogPath.keptCheckpoint(size: kept.checkpoint.treeSize)
                let found = cosigning(of: kept, path, policy)
                guard found.isQuorum else { continue }
                (report.witnessed, report.cosigning) = (kept.checkpoint, found)
                break
            }
        }
        if report.witnessed == nil {
            self.report(IntegrityViolation(.quorumNotMet, path: .checkpoint))
        }
        self.report.witnesses = report
    }

    /// The cosignatures under a checkpoint: those in its note, and those kept beside it.
    private mutating func cosigning(
        of note: CheckpointNote, _ path: LogPath, _ policy: WitnessPolicy
    ) -> Cosigning {
        let aside = LogPath.cosignatures(size: note.checkpoint.treeSize)
        let inside = policy.judge(note.note.signatures, over: note.note.text)
        if !inside.invalid.isEmpty { report(IntegrityViolation(.invalidCosignature, path: path)) }
        let lines = cosignatureLines(aside)
        guard !lines.isEmpty else { return inside }
        let beside = policy.judge(lines, over: note.note.text)
        if !beside.invalid.isEmpty { report(IntegrityViolation(.invalidCosignature, path: aside)) }
        return policy.judge(note.note.signatures + lines, over: note.note.text)
    }

    private mutating func cosignatureLines(_ path: LogPath) -> [SignedNote.Signature] {
        do throws(LogSourceError) {
            guard let bytes = try source.bytes(of: path) else { return [] }
            do throws(NoteError) {
                return try SignedNote.Signature.lines(parsing: bytes)
            } catch {
                report(IntegrityViolation(.malformedCosignatures, path: path))
            }
        } catch {
            report(IntegrityViolation(.unreadableFile, path: path))
        }
        return []
    }
}
