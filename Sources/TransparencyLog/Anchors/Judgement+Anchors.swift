// SPDX-License-Identifier: Apache-2.0

import Cryptography

extension Judgement {
    /// Looks for the time stamps that the reader asks for, over kept checkpoints that hold.
    ///
    /// As with witnesses, a head that is not stamped *yet* is no sign of anything; a log that no
    /// trusted authority ever stamped is what a reader who asks for time stamps must refuse.
    mutating func judgeAnchors() {
        guard let demands = demands.anchors, let head else { return judgeRecordedAnchors() }
        var report = AnchorReport()
        do throws(LogSourceError) {
            let sizes = try source.anchorSizes().filter { $0 < BundleLocator.indexMax }
            for size in sizes {
                guard let note = stamped(size, head) else { continue }
                guard let anchor = judgeAnchor(note, demands) else { continue }
                report.anchors.append(anchor)
            }
            for record in anchorRecords where !sizes.contains(record.treeSize) {
                self.report(
                    IntegrityViolation(
                        .missingFile, index: record.index, path: .anchor(size: record.treeSize)))
            }
        } catch {
            self.report(IntegrityViolation(.unreadableFile, path: error.path))
        }
        if report.anchors.isEmpty {
            self.report(IntegrityViolation(.notAnchored, path: .checkpoint))
        }
        report.settle(at: demands.now)
        for anchor in report.anchors where !anchor.isInForce {
            self.report(
                LogFinding(
                    kind: .anchorLapsed, index: anchor.recordedAt ?? max(1, anchor.treeSize) - 1,
                    entries: 0..<anchor.treeSize))
        }
        self.report.anchors = report
    }

    /// Looks whether each time stamp that the log recorded is there as it was: that needs no roots.
    private mutating func judgeRecordedAnchors() {
        for (size, records) in Dictionary(grouping: anchorRecords, by: \.treeSize).sorted(
            by: { $0.key < $1.key })
        {
            let path = LogPath.anchor(size: size)
            do throws(LogSourceError) {
                guard let bytes = try source.bytes(of: path) else {
                    report(IntegrityViolation(.missingFile, index: records[0].index, path: path))
                    continue
                }
                _ = isRecorded(bytes, records, path)
            } catch {
                report(IntegrityViolation(.unreadableFile, path: path))
            }
        }
    }

    /// Whether a time stamp is one that the log recorded, where it recorded any; reported if not.
    private mutating func isRecorded(
        _ bytes: [UInt8], _ records: [AnchorRecord], _ path: LogPath
    ) -> Bool {
        let hash = SHA256Hasher().hash(bytes)
        guard !records.isEmpty, !records.contains(where: { $0.hash == hash }) else { return true }
        report(IntegrityViolation(.alteredAnchor, index: records[0].index, path: path))
        return false
    }

    /// The checkpoint that a time stamp must be over; nil, and reported, if there is none.
    private mutating func stamped(_ size: UInt64, _ head: CheckpointNote) -> CheckpointNote? {
        if size == head.checkpoint.treeSize { return head }
        if let kept = keptNotes.first(where: { $0.checkpoint.treeSize == size }) { return kept }
        let path = LogPath.keptCheckpoint(size: size)
        if size < head.checkpoint.treeSize {
            let isThere = (try? source.withFile(path) { _ in true }) == true
            // One that is there and does not hold was reported when it was judged.
            if !isThere { report(IntegrityViolation(.missingFile, path: path)) }
            return nil
        }
        // Stamped beyond the head: the tail was cut, unless the log grew since the head was read.
        let bytes = (try? source.bytes(of: .checkpoint)) ?? []
        let latest = try? CheckpointNote(parsing: bytes)
        if latest.map({ $0.checkpoint.treeSize < size }) ?? true {
            report(IntegrityViolation(.anchorMismatch, path: .anchor(size: size)))
        }
        return nil
    }

    private mutating func judgeAnchor(
        _ note: CheckpointNote, _ demands: AnchorDemands
    ) -> Anchor? {
        let size = note.checkpoint.treeSize
        let path = LogPath.anchor(size: size)
        do throws(LogSourceError) {
            guard let bytes = try source.bytes(of: path) else { return nil }
            let records = anchorRecords.filter { $0.treeSize == size }
            guard isRecorded(bytes, records, path) else { return nil }
            let hash = SHA256Hasher().hash(bytes)
            do throws(TimestampFailure) {
                let token = try TimestampToken(parsing: bytes)
                let authority = try token.verify(imprint: note.imprint, roots: demands.roots)
                return Anchor(
                    treeSize: size, time: token.time, accuracy: token.accuracy,
                    authority: authority,
                    recordedAt: records.first { $0.hash == hash }?.index)
            } catch {
                report(IntegrityViolation(.init(error), path: path))
            }
        } catch {
            report(IntegrityViolation(.unreadableFile, path: path))
        }
        return nil
    }
}

extension AnchorReport {
    /// Says which time stamps count at a moment, the later ones first: a later one carries the
    /// earlier over the end of its certificates.
    mutating func settle(at now: Int64) {
        for place in anchors.indices.reversed() {
            let old = anchors[place]
            anchors[place].isInForce =
                now <= old.authority.endsAt
                || old.recordedAt.map { record in
                    anchors[(place + 1)...].contains { later in
                        later.isInForce && later.treeSize > record
                            && later.time <= old.authority.endsAt
                    }
                } ?? false
        }
    }
}

extension IntegrityViolation.Code {
    /// What a failure to verify a time stamp says of its file.
    fileprivate init(_ failure: TimestampFailure) {
        self =
            switch failure {
            case .malformed, .notGranted, .malformedRoots: .malformedAnchor
            case .wrongImprint, .wrongNonce: .anchorMismatch
            case .invalidSignature: .invalidAnchor
            case .untrusted, .wrongPurpose, .outOfValidity, .weakAlgorithm: .untrustedAnchor
            }
    }
}
