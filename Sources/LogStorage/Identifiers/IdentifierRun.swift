// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Names of entries on the disk, sorted by their hashes: written once, and looked up by reading a page.
final class IdentifierRun: Sendable {
    let header: IdentifierRunHeader
    private let file: OpenFile
    private let pageCount: Int

    /// Opens a run; nil if it is not whole.
    init?(_ path: String) throws(StorageError) {
        let file = try OpenFile.reading(path)
        let count = try file.byteCount() / IdentifierPage.byteCount - 1
        let page = try file.bytes(at: 0, count: IdentifierRunHeader.byteCount)
        guard let header = IdentifierRunHeader(page), count >= header.homeCount else { return nil }
        self.header = header
        self.file = file
        pageCount = count
    }

    var path: String { file.path }
    var entries: Range<UInt64> { header.entries }

    static func name(_ entries: Range<UInt64>) -> String {
        "\(entries.lowerBound)-\(entries.upperBound)"
    }

    /// Adds the indices of the entries whose name has a hash.
    ///
    /// - Throws: ``StorageError/Code/altered`` if a page is not as it was written.
    func collect(_ hash: UInt64, into found: inout [UInt64]) throws(StorageError) {
        let result: Result<[UInt64], StorageError> = unsafe withUnsafeTemporaryAllocation(
            byteCount: IdentifierPage.byteCount, alignment: 16
        ) { buffer in
            do throws(StorageError) {
                return .success(try unsafe self.lookUp(hash, buffer))
            } catch {
                return .failure(error)
            }
        }
        let indices = try result.get()
        if !indices.isEmpty { found += indices }
    }

    private func lookUp(
        _ hash: UInt64, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(StorageError) -> [UInt64] {
        var found: [UInt64] = []
        var place = header.home(hash)
        guard let base = buffer.baseAddress else { return found }
        while place < pageCount {
            try unsafe read(place, buffer)
            guard let count = unsafe IdentifierPage.recordCount(base) else {
                throw StorageError(.altered, path)
            }
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if unsafe IdentifierPage.record(middle, of: base).hash < hash {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            while low < count {
                let record = unsafe IdentifierPage.record(low, of: base)
                guard record.hash == hash else { return found }
                found.append(record.index)
                low += 1
            }
            guard count == IdentifierPage.recordMax else { return found }
            place += 1
        }
        return found
    }

    private func read(
        _ place: Int, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(StorageError) {
        let offset = IdentifierRunHeader.byteCount + place * IdentifierPage.byteCount
        guard try unsafe file.read(into: buffer, at: offset) == buffer.count else {
            throw StorageError(.altered, path)
        }
    }

    /// The records of some pages, in order, and the page after them; nil at the end.
    func records(from page: Int, pageMax: Int) throws(StorageError) -> (
        records: [IdentifierRecord], next: Int
    )? {
        guard page < pageCount else { return nil }
        let next = min(page + pageMax, pageCount)
        let size = IdentifierPage.byteCount
        let bytes = try file.bytes(
            at: IdentifierRunHeader.byteCount + page * size, count: (next - page) * size)
        guard bytes.count == (next - page) * size else { throw StorageError(.altered, path) }
        var records: [IdentifierRecord] = []
        records.reserveCapacity((next - page) * IdentifierPage.recordMax)
        let isWhole = unsafe bytes.withUnsafeBytes { buffer in
            for place in 0..<(next - page) {
                guard let base = buffer.baseAddress else { return false }
                let start = unsafe base + place * size
                guard let count = unsafe IdentifierPage.recordCount(start) else { return false }
                for record in 0..<count {
                    records.append(unsafe IdentifierPage.record(record, of: start))
                }
            }
            return true
        }
        guard isWhole else { throw StorageError(.altered, path) }
        return (records, next)
    }
}
