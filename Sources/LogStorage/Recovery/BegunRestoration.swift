// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// The restoration that the last entries of a log record: under way, or just finished.
///
/// It says all that whoever goes on needs to know, but for the recovery key and the next one.
struct BegunRestoration {
    /// The entries that were lost.
    let entries: Range<UInt64>
    /// The size and the root of the head that was lost.
    let lostSize: UInt64
    let lostRoot: SHA256Digest?
    /// The next key; nil if it was not announced, as by programs that wrote the two entries one after the
    /// other.
    let next: LogVerificationKey?

    /// Reads the last entries; nil if they record no restoration.
    init?(
        treeSize: UInt64, entry: (UInt64) throws(StorageError) -> [UInt8]?
    ) throws(StorageError) {
        guard treeSize > 1, let last = try entry(treeSize - 1) else { return nil }
        if let next = LogAnnouncement(entry: last)?.key {
            guard let before = try entry(treeSize - 2) else { return nil }
            self.init(before, next)
        } else {
            self.init(last, nil)
        }
    }

    private init?(_ entry: [UInt8], _ next: LogVerificationKey?) {
        guard let scanned = try? EntryScanner().scan(entry), scanned.contains(.approver),
            let type = scanned.range(of: .type), entry[type].elementsEqual("log.recover".utf8)
        else { return nil }
        func text(_ field: EntryField) -> String? {
            scanned.range(of: field).map { String(decoding: entry[$0], as: UTF8.self) }
        }
        guard let first = text(.first).flatMap({ UInt64($0) }),
            let last = text(.last).flatMap({ UInt64($0) }),
            let count = text(.count).flatMap({ UInt64($0) })
        else { return nil }
        entries = first..<(first + count)
        lostSize = last + 1
        lostRoot = text(.head).flatMap { SHA256Digest(hex: $0) }
        self.next = next
    }

    /// Whether it records the loss of a head.
    func names(_ head: SignedState) -> Bool {
        head.treeSize == lostSize && head.rootHash == lostRoot
    }
}
