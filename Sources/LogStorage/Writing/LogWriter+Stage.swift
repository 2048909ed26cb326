// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

extension LogWriter {
    /// The number of submissions whose names are hashed ahead.
    private static let namesAheadCount = 64
    /// The number of bytes from which on a part of a durable commit is written while the rest is staged.
    private static let pieceByteCount = 1 << 18
    /// The same for a commit that is not durable: one write costs less than many, to a point.
    private static let hastyPieceByteCount = 1 << 22

    /// Stages what a caller asked for.
    mutating func stage(_ job: AppendJob) throws(StorageError) -> [Acknowledgement] {
        switch job.work {
        case .submissions(let submissions):
            return try stage(submissions)
        case .own(let draft):
            let sequence = ownSequence + 1
            let bytes = draft.rendered(
                id: "vigie-\(sequence)", source: "vigie", sequence: sequence,
                occurredAt: recordedAt)
            guard let submission = try? Submission(own: bytes) else {
                preconditionFailure("a draft is checked before it is queued")
            }
            // Never taken for a retry, whatever names callers have used.
            staged.forgetNext()
            let name = identifiers.map { submission.nameHash($0.key) }
            let answer = unsafe withUnsafePointer(to: submission) { submission in
                unsafe stage(submission, name, nextHead: [])
            }
            return [answer]
        }
    }

    /// The names of some submissions are hashed first, so that what their look-ups read is near by then.
    private mutating func stage(
        _ submissions: [Submission]
    ) throws(StorageError) -> [Acknowledgement] {
        var acknowledgements: [Acknowledgement] = []
        acknowledgements.reserveCapacity(submissions.count)
        staged.forgetNext()
        let all = submissions.indices
        if isDurable, all.count >= Preparation.submissionCountMin {
            try stagePrepared(submissions, &acknowledgements)
        } else {
            try unsafe submissions.withUnsafeBufferPointer { submissions throws(StorageError) in
                try unsafe stage(submissions, inPieces: all, &acknowledgements)
            }
        }
        return acknowledgements
    }

    private mutating func stage(
        _ submissions: UnsafeBufferPointer<Submission>, inPieces places: Range<Int>,
        _ acknowledgements: inout [Acknowledgement]
    ) throws(StorageError) {
        let limit = isDurable ? Self.pieceByteCount : Self.hastyPieceByteCount
        var start = places.lowerBound
        while start < places.upperBound {
            if staged.frameByteCount >= limit { try beginWriting() }
            let piece = start..<min(start + Self.namesAheadCount, places.upperBound)
            try unsafe stage(submissions, piece, &acknowledgements)
            start = piece.upperBound
        }
    }

    // MARK: Large commits

    /// Stages parts that another thread prepares, and writes each while the next is staged.
    private mutating func stagePrepared(
        _ submissions: [Submission], _ acknowledgements: inout [Acknowledgement]
    ) throws(StorageError) {
        guard let key = identifiers?.key else {
            preconditionFailure("the index is read before submissions are staged")
        }
        // Else what is there would be copied as it grows, again and again, in a log that is new.
        tree.reserve(Self.largeSegmentEntryCount)
        segment.reserve(Self.largeSegmentEntryCount)
        let preparation = Preparation(submissions, assigned, key, spaces)
        defer { preparation.stop() }
        let first = assigned.seq
        for number in preparation.partIndices {
            if staged.count > 0 { try beginWriting() }
            helper.prepare(preparation)
            var places = preparation.places(number)
            // After a retry no entry has the index that it was prepared for.
            if assigned.seq != first + UInt64(places.lowerBound) {
                preparation.stop()
            } else if let entries = preparation.entries(number),
                entries.key == identifiers?.key
            {
                let count = try chain(entries, submissions, places, &acknowledgements)
                places = (places.lowerBound + count)..<places.upperBound
            }
            try unsafe submissions.withUnsafeBufferPointer { submissions throws(StorageError) in
                try unsafe stage(submissions, inPieces: places, &acknowledgements)
            }
        }
    }

    /// Appends prepared entries up to the first whose name the log holds.
    ///
    /// - Returns: Their number.
    private mutating func chain(
        _ entries: PreparedEntries, _ submissions: [Submission], _ places: Range<Int>,
        _ acknowledgements: inout [Acknowledgement]
    ) throws(StorageError) -> Int {
        staged.adopt(entries)
        staged.forgetNext()
        var place = 0
        while place < entries.count {
            let end = min(place + Self.namesAheadCount, entries.count)
            let newCount = identifiers?.appendNew(entries.names[place..<end]) ?? 0
            chain(entries, place..<(place + newCount), &acknowledgements)
            place += newCount
            guard place < end else { continue }
            let name = entries.names[place]
            let first = try acknowledged(submissions[places.lowerBound + place], name)
            // An index that is made anew has another key.
            guard first == nil, identifiers?.key == entries.key else { return place }
            chain(entries, place..<(place + 1), &acknowledgements)
            identifiers?.append(name)
            place += 1
        }
        return place
    }

    private mutating func chain(
        _ entries: borrowing PreparedEntries, _ places: Range<Int>,
        _ acknowledgements: inout [Acknowledgement]
    ) {
        let start = staged.count
        staged.append(entries, places, link: &link)
        for leafHash in staged.leafHashes[start...] {
            acknowledgements.append(
                Acknowledgement(index: assigned.seq, leafHash: leafHash, isRepetition: false))
            assigned.seq += 1
        }
        assigned.prev = link
    }

    // MARK: One by one

    // A buffer lends its elements where an array would copy them, and no method of the whole writer is
    // called that only reads: it would be copied.
    private mutating func stage(
        _ submissions: UnsafeBufferPointer<Submission>, _ places: Range<Int>,
        _ acknowledgements: inout [Acknowledgement]
    ) throws(StorageError) {
        unsafe hashNames(submissions, places)
        for place in places {
            if identifiers?.mayHold(names[place - places.lowerBound]) == true {
                let key = identifiers?.key
                let first = try unsafe acknowledged(
                    submissions[place], names[place - places.lowerBound])
                // An index that is made anew has another key.
                if identifiers?.key != key { unsafe hashNames(submissions, places) }
                if let first {
                    staged.forgetNext()
                    acknowledgements.append(first)
                    continue
                }
            }
            let isLast = place + 1 == submissions.count
            let head = unsafe isLast ? [] : submissions[place + 1].head
            guard let base = submissions.baseAddress else { return }
            unsafe acknowledgements.append(
                stage(base + place, names[place - places.lowerBound], nextHead: head))
        }
    }

    private mutating func hashNames(
        _ submissions: UnsafeBufferPointer<Submission>, _ places: Range<Int>
    ) {
        guard let key = identifiers?.key else {
            preconditionFailure("the index is read before submissions are staged")
        }
        names.removeAll(keepingCapacity: true)
        for place in places { names.append(unsafe submissions[place].nameHash(key)) }
        identifiers?.touch(names[...])
    }

    private mutating func stage(
        _ submission: UnsafePointer<Submission>, _ hash: UInt64?, nextHead: ArraySlice<UInt8>
    ) -> Acknowledgement {
        let index = assigned.seq
        link = unsafe staged.append(submission, assigned, nextHead: nextHead)
        assigned.prev = link
        assigned.seq = index + 1
        identifiers?.append(hash)
        if unsafe submission.pointee.isOwn {
            unsafe ownSequence = max(ownSequence, submission.pointee.sourceSequence)
        }
        return Acknowledgement(index: index, leafHash: link, isRepetition: false)
    }
}
