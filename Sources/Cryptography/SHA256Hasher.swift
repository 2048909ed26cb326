// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A SHA-256 context that is made once and used many times, by one thread.
///
/// Making a context, and asking OpenSSL by name for its implementation, costs as much as hashing
/// 300 bytes. So each worker makes one hasher and keeps it.
///
/// Whole messages and streams go through `EVP`. Leaves and nodes of the tree go through the block
/// function, two messages at a time: a processor then overlaps the two, which no single context
/// can do (22 against 35 ns a block).
@safe
public struct SHA256Hasher: ~Copyable {
    private let algorithm: OpaquePointer
    private let context: OpaquePointer
    let lanes: BlockLanes

    /// Makes a hasher.
    ///
    /// It traps if libcrypto cannot offer SHA-256, since nothing here works without it.
    public init() {
        guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil),
            let context = unsafe EVP_MD_CTX_new()
        else { preconditionFailure("libcrypto offers no SHA-256") }
        unsafe self.algorithm = algorithm
        unsafe self.context = context
        lanes = BlockLanes()
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
        unsafe EVP_MD_free(algorithm)
        lanes.free()
    }

    /// The SHA-256 of some bytes.
    public func hash(_ bytes: RawSpan) -> SHA256Digest {
        start()
        update(bytes)
        return finish()
    }

    /// The SHA-256 of some bytes.
    public func hash(_ bytes: [UInt8]) -> SHA256Digest {
        unsafe hash(bytes.span.bytes)
    }

    /// Starts a stream; what was fed to an earlier one is forgotten.
    public func start() {
        let status = unsafe EVP_DigestInit_ex2(context, algorithm, nil)
        precondition(status == 1, "libcrypto could not start SHA-256")
    }

    /// Feeds bytes to the stream.
    public func update(_ bytes: RawSpan) {
        let status = unsafe bytes.withUnsafeBytes { raw in
            unsafe EVP_DigestUpdate(context, raw.baseAddress, raw.count)
        }
        precondition(status == 1, "libcrypto could not continue SHA-256")
    }

    /// Ends the stream and returns its digest.
    public func finish() -> SHA256Digest {
        let output = unsafe lanes.output
        let status = unsafe EVP_DigestFinal_ex(
            context, output.assumingMemoryBound(to: UInt8.self), nil)
        precondition(status == 1, "libcrypto could not finish SHA-256")
        return unsafe SHA256Digest(unsafeBytes: output)
    }
}

extension SHA256Hasher {
    /// The hash of a leaf, `SHA-256(0x00 ‖ bytes)` (RFC 6962, section 2.1).
    public func leafHash(_ bytes: RawSpan) -> SHA256Digest {
        unsafe bytes.withUnsafeBytes { raw in unsafe lanes.leaf(raw) }
    }

    /// The hash of a leaf, `SHA-256(0x00 ‖ bytes)` (RFC 6962, section 2.1).
    public func leafHash(_ bytes: [UInt8]) -> SHA256Digest {
        unsafe leafHash(bytes.span.bytes)
    }

    /// The hashes of two leaves, at less than the price of two calls.
    public func leafHashes(_ first: RawSpan, _ second: RawSpan) -> (SHA256Digest, SHA256Digest) {
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in unsafe lanes.leaves(first, second) }
        }
    }

    /// The hashes of two leaves, at less than the price of two calls.
    public func leafHashes(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> (SHA256Digest, SHA256Digest) {
        unsafe lanes.leaves(first, second)
    }

    /// The hash of a leaf, `SHA-256(0x00 ‖ bytes)` (RFC 6962, section 2.1).
    public func leafHash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        unsafe lanes.leaf(bytes)
    }

    /// The hash of an inner node, `SHA-256(0x01 ‖ left ‖ right)` (RFC 6962, section 2.1).
    public func nodeHash(_ left: SHA256Digest, _ right: SHA256Digest) -> SHA256Digest {
        lanes.node(left, right)
    }

    /// Replaces pairs of neighbours by their parents, from the first on; an odd last one is kept.
    ///
    /// - Returns: The number of digests that are left at the start of `nodes`.
    public func parents(_ nodes: inout MutableSpan<SHA256Digest>, count: Int) -> Int {
        lanes.parents(&nodes, count: count)
    }
}
