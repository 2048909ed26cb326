// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import Snapshots

extension SnapshotWriter {
    /// Writes a digest.
    public mutating func write(_ digest: SHA256Digest) { write(raw: digest.bytes) }
}

extension SnapshotReader {
    /// Reads a digest.
    public mutating func digest() throws(MalformedSnapshot) -> SHA256Digest {
        guard let digest = SHA256Digest(bytes: Array(try raw(SHA256Digest.byteCount))) else {
            throw MalformedSnapshot()
        }
        return digest
    }
}
