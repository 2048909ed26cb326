// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Two SHA-256 states that are advanced block by block in turn (FIPS 180-4, section 6.2).
///
/// The messages are those of RFC 6962: one prefix byte and a leaf's bytes, or one prefix byte
/// and two digests.
@safe
struct BlockLanes {
    private static let blockSize = 64

    /// The first and the second state.
    private let first: UnsafeMutablePointer<SHA256_CTX>
    private let second: UnsafeMutablePointer<SHA256_CTX>
    /// One block for the start of a message, and two for its end, for each state.
    private let firstBlocks: UnsafeMutableRawPointer
    private let secondBlocks: UnsafeMutableRawPointer
    /// The state every message starts from.
    private let initial: SHA256_CTX
    /// Room for a digest.
    let output: UnsafeMutableRawPointer

    init() {
        var initial = SHA256_CTX()
        unsafe SHA256_Init(&initial)
        self.initial = initial
        unsafe first = .allocate(capacity: 2)
        unsafe first.initialize(repeating: initial, count: 2)
        unsafe second = first + 1
        let size = 3 * Self.blockSize
        unsafe firstBlocks = .allocate(byteCount: 2 * size + 32, alignment: Self.blockSize)
        unsafe firstBlocks.initializeMemory(as: UInt8.self, repeating: 0, count: 2 * size + 32)
        unsafe secondBlocks = firstBlocks + size
        unsafe output = firstBlocks + 2 * size
    }

    func free() {
        unsafe first.deallocate()
        unsafe firstBlocks.deallocate()
    }

    // MARK: Leaves

    func leaf(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        unsafe first.pointee.h = initial.h
        let message = unsafe LeafMessage(bytes, blocks: firstBlocks)
        for index in 0..<message.blockCount {
            unsafe SHA256_Transform(first, message.block(index))
        }
        return unsafe digest(first)
    }

    func leaves(
        _ one: UnsafeRawBufferPointer, _ two: UnsafeRawBufferPointer
    ) -> (SHA256Digest, SHA256Digest) {
        unsafe first.pointee.h = initial.h
        unsafe second.pointee.h = initial.h
        let messageOne = unsafe LeafMessage(one, blocks: firstBlocks)
        let messageTwo = unsafe LeafMessage(two, blocks: secondBlocks)
        let shared = min(messageOne.blockCount, messageTwo.blockCount)
        for index in 0..<shared {
            unsafe SHA256_Transform(first, messageOne.block(index))
            unsafe SHA256_Transform(second, messageTwo.block(index))
        }
        for index in shared..<messageOne.blockCount {
            unsafe SHA256_Transform(first, messageOne.block(index))
        }
        for index in shared..<messageTwo.blockCount {
            unsafe SHA256_Transform(second, messageTwo.block(index))
        }
        return unsafe (digest(first), digest(second))
    }

    /// The number of whole blocks at the start of a leaf's message that its first bytes fill.
    static func headBlockCount(_ byteCount: Int) -> Int { (byteCount + 1) / blockSize }

    /// A leaf whose first blocks the second lane has hashed, while that lane goes on to the whole
    /// blocks of the head of the next one.
    func leaf(
        _ bytes: UnsafeRawBufferPointer, from start: Int, ahead head: UnsafeRawBufferPointer
    ) -> SHA256Digest {
        unsafe first.pointee.h = start == 0 ? initial.h : second.pointee.h
        unsafe second.pointee.h = initial.h
        let message = unsafe LeafMessage(bytes, from: start, blocks: firstBlocks)
        let next = unsafe LeafMessage(head: head, blocks: secondBlocks)
        let headCount = Self.headBlockCount(head.count)
        for index in 0..<max(message.blockCount - start, headCount) {
            if start + index < message.blockCount {
                unsafe SHA256_Transform(first, message.block(start + index))
            }
            if index < headCount { unsafe SHA256_Transform(second, next.block(index)) }
        }
        return unsafe digest(first)
    }

    // MARK: Nodes

    func node(_ left: SHA256Digest, _ right: SHA256Digest) -> SHA256Digest {
        unsafe first.pointee.h = initial.h
        unsafe writeNode(left, right, to: firstBlocks)
        unsafe transform(first, firstBlocks)
        unsafe transform(first, firstBlocks + Self.blockSize)
        return unsafe digest(first)
    }

    func parents(_ nodes: inout MutableSpan<SHA256Digest>, count: Int) -> Int {
        precondition(count >= 0 && count <= nodes.count, "a level within the span")
        let pairs = count / 2
        var pair = 0
        while pair + 1 < pairs {
            unsafe first.pointee.h = initial.h
            unsafe second.pointee.h = initial.h
            let left = 2 * pair
            unsafe writeNode(nodes[left], nodes[left + 1], to: firstBlocks)
            unsafe writeNode(nodes[left + 2], nodes[left + 3], to: secondBlocks)
            unsafe transform(first, firstBlocks)
            unsafe transform(second, secondBlocks)
            unsafe transform(first, firstBlocks + Self.blockSize)
            unsafe transform(second, secondBlocks + Self.blockSize)
            nodes[pair] = unsafe digest(first)
            nodes[pair + 1] = unsafe digest(second)
            pair += 2
        }
        if pair < pairs {
            nodes[pair] = node(nodes[2 * pair], nodes[2 * pair + 1])
        }
        if count % 2 == 1 {
            nodes[pairs] = nodes[count - 1]
        }
        return pairs + count % 2
    }

    // MARK: Blocks

    /// Writes `0x01 ‖ left ‖ right` and its padding: two blocks, since it has 65 bytes.
    @inline(__always)
    private func writeNode(
        _ left: SHA256Digest, _ right: SHA256Digest, to blocks: UnsafeMutableRawPointer
    ) {
        unsafe blocks.storeBytes(of: 1, as: UInt8.self)
        unsafe left.store(to: blocks + 1)
        unsafe right.store(to: blocks + 33)
        unsafe blocks.storeBytes(of: 0x80, toByteOffset: 65, as: UInt8.self)
        unsafe (blocks + 66).initializeMemory(as: UInt8.self, repeating: 0, count: 60)
        unsafe blocks.storeBytes(
            of: UInt16(65 * 8).bigEndian, toByteOffset: 126, as: UInt16.self)
    }

    @inline(__always)
    private func transform(
        _ state: UnsafeMutablePointer<SHA256_CTX>, _ block: UnsafeMutableRawPointer
    ) {
        unsafe SHA256_Transform(state, UnsafeRawPointer(block).assumingMemoryBound(to: UInt8.self))
    }

    @inline(__always)
    private func digest(_ state: UnsafeMutablePointer<SHA256_CTX>) -> SHA256Digest {
        let h = unsafe state.pointee.h
        return SHA256Digest(
            UInt64(h.0) &<< 32 | UInt64(h.1), UInt64(h.2) &<< 32 | UInt64(h.3),
            UInt64(h.4) &<< 32 | UInt64(h.5), UInt64(h.6) &<< 32 | UInt64(h.7))
    }
}

/// A leaf's message cut into blocks: the first and the last are copies, those between are not.
@safe
private struct LeafMessage {
    private let start: UnsafeRawPointer
    /// Where block 1 starts, in the leaf's own bytes.
    private let middle: UnsafeRawPointer
    /// The last one or two blocks, with the padding.
    private let tail: UnsafeRawPointer
    private let tailIndex: Int
    let blockCount: Int

    /// The whole blocks of what a message starts with, and no others.
    @inline(__always)
    init(head bytes: UnsafeRawBufferPointer, blocks: UnsafeMutableRawPointer) {
        blockCount = BlockLanes.headBlockCount(bytes.count)
        tailIndex = blockCount
        unsafe start = UnsafeRawPointer(blocks)
        unsafe tail = start
        let base = unsafe bytes.baseAddress ?? start
        unsafe middle = base + 63
        guard blockCount > 0 else { return }
        unsafe blocks.storeBytes(of: 0, as: UInt8.self)
        unsafe (blocks + 1).copyMemory(from: base, byteCount: 63)
    }

    /// The blocks of a whole message from one on.
    @inline(__always)
    init(
        _ bytes: UnsafeRawBufferPointer, from first: Int = 0, blocks: UnsafeMutableRawPointer
    ) {
        let messageSize = bytes.count &+ 1
        blockCount = (messageSize &+ 8) / 64 &+ 1
        let fullBlocks = messageSize / 64
        unsafe blocks.storeBytes(of: 0, as: UInt8.self)
        unsafe start = UnsafeRawPointer(blocks)
        let tail: UnsafeMutableRawPointer
        if fullBlocks == 0 {
            tailIndex = 0
            unsafe tail = blocks
            unsafe middle = UnsafeRawPointer(blocks)
            unsafe Self.pad(
                tail, from: messageSize, messageSize: messageSize, blockCount: blockCount)
            if let base = bytes.baseAddress {
                unsafe (blocks + 1).copyMemory(from: base, byteCount: bytes.count)
            }
        } else {
            tailIndex = fullBlocks
            unsafe tail = blocks + 64
            let base = unsafe bytes.baseAddress ?? UnsafeRawPointer(blocks)
            unsafe middle = base + 63
            if first == 0 { unsafe (blocks + 1).copyMemory(from: base, byteCount: 63) }
            let rest = messageSize % 64
            unsafe tail.copyMemory(from: base + (bytes.count &- rest), byteCount: rest)
            unsafe Self.pad(
                tail, from: rest, messageSize: messageSize, blockCount: blockCount &- fullBlocks)
        }
        unsafe self.tail = UnsafeRawPointer(tail)
    }

    /// Writes the padding of FIPS 180-4, section 5.1.1, into the last one or two blocks.
    @inline(__always)
    private static func pad(
        _ tail: UnsafeMutableRawPointer, from offset: Int, messageSize: Int, blockCount: Int
    ) {
        let end = blockCount &* 64
        unsafe tail.storeBytes(of: 0x80, toByteOffset: offset, as: UInt8.self)
        unsafe (tail + offset + 1).initializeMemory(
            as: UInt8.self, repeating: 0, count: end &- offset &- 9)
        unsafe tail.storeBytes(
            of: (UInt64(messageSize) &* 8).bigEndian, toByteOffset: end &- 8, as: UInt64.self)
    }

    @inline(__always)
    func block(_ index: Int) -> UnsafePointer<UInt8> {
        let block: UnsafeRawPointer
        if index >= tailIndex {
            unsafe block = tail + (index &- tailIndex) &* 64
        } else if index == 0 {
            unsafe block = start
        } else {
            unsafe block = middle + (index &- 1) &* 64
        }
        return unsafe block.assumingMemoryBound(to: UInt8.self)
    }
}
