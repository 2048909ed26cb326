// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes a run, given its records in the order of their hashes.
struct IdentifierRunWriter: ~Copyable {
    private static let bufferPageCount = 64
    /// The mean number of records of a page: few pages then need the next one's room.
    private static let meanCount: UInt64 = 200

    private let header: IdentifierRunHeader
    private let path: String
    private let file: OpenFile
    /// Records of the page at hand.
    private var records: [IdentifierRecord] = []
    private var page = 0
    /// Pages that are not written yet.
    private var buffer = [UInt8](
        repeating: 0, count: bufferPageCount * IdentifierPage.byteCount)
    private var buffered = 0

    init(
        in folder: String, _ entries: Range<UInt64>, _ end: IdentifierEnd, key: IdentifierKey
    ) throws(StorageError) {
        let homeCount = (UInt64(entries.count) + Self.meanCount - 1) / Self.meanCount
        header = IdentifierRunHeader(entries, end, key: key, homeCount: homeCount)
        path = folder + "/" + IdentifierRun.name(entries)
        try FileTree.remove(path + ".new")
        file = try OpenFile.creating(path + ".new", mode: 0o600)
        records.reserveCapacity(IdentifierPage.recordMax)
    }

    mutating func append(_ record: IdentifierRecord) throws(StorageError) {
        let home = header.home(record.hash)
        while page < home || records.count == IdentifierPage.recordMax { try endPage() }
        records.append(record)
    }

    private mutating func endPage() throws(StorageError) {
        let start = buffered * IdentifierPage.byteCount
        unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe IdentifierPage.write(records[...], to: base + start)
        }
        records.removeAll(keepingCapacity: true)
        page += 1
        buffered += 1
        if buffered == Self.bufferPageCount { try flush() }
    }

    private mutating func flush() throws(StorageError) {
        let size = IdentifierPage.byteCount
        let offset = IdentifierRunHeader.byteCount + (page - buffered) * size
        if buffered == Self.bufferPageCount {
            try file.write(buffer, at: offset)
        } else {
            try file.write(Array(buffer[..<(buffered * size)]), at: offset)
        }
        buffered = 0
    }

    /// Puts the run in place.
    consuming func finish(isDurable: Bool) throws(StorageError) -> IdentifierRun {
        while page < Int(header.homeCount) || !records.isEmpty { try endPage() }
        try flush()
        try file.write(header.bytes, at: 0)
        if isDurable { try file.syncData() }
        try FileTree.rename(path + ".new", to: path)
        guard let run = try IdentifierRun(path) else { throw StorageError(.altered, path) }
        return run
    }
}
