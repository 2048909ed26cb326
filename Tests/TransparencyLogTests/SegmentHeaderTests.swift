// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing
import TransparencyLog

/// The header of a batch in an open segment.
@Suite struct SegmentHeaderTests {
    let hash = SHA256Hasher().leafHash([1, 2, 3])

    @Test func itsBytesAreThoseOfTheFormat() {
        let header = SegmentHeader(frameByteCount: 0x0102_0304, lastLeafHash: hash)
        #expect(header.bytes == [0, 0, 1, 2, 3, 4] + hash.bytes)
        #expect(header.bytes.count == SegmentHeader.byteCount)
    }

    @Test func itIsReadWhereItIsAndNowhereElse() throws {
        let header = SegmentHeader(frameByteCount: .max, lastLeafHash: hash)
        let bytes: [UInt8] = [9, 9, 9] + header.bytes + [0, 1, 7]
        for offset in -1...(bytes.count + 1) {
            let found = unsafe SegmentHeader(at: offset, in: bytes.span.bytes)
            let frame = unsafe SegmentHeader.frameOffset(at: offset, in: bytes.span.bytes)
            #expect(found == (offset == 3 ? header : nil), "\(offset)")
            #expect(frame == (offset == 3 ? 3 + SegmentHeader.byteCount : offset), "\(offset)")
        }
        for count in 0..<SegmentHeader.byteCount {
            let cut = Array(header.bytes[..<count])
            #expect(unsafe SegmentHeader(at: 0, in: cut.span.bytes) == nil)
        }
    }
}
