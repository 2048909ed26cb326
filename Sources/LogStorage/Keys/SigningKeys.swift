// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The private keys at hand when a log is opened.
struct SigningKeys {
    /// The key that signs, if it was not destroyed.
    var current: LogSigningKey?
    /// The key of the next epoch, during a rotation.
    var next: LogSigningKey?
    /// Where they are; nil for a key that was handed over, and cannot be rotated.
    var file: SigningKeyFile?

    init(_ key: LogSigningKey) { current = key }

    /// Reads the keys; the lock must be held, or another process may be rotating them.
    ///
    /// - Throws: ``StorageError/Code/notFound`` if there is neither.
    init(_ file: SigningKeyFile) throws(StorageError) {
        self.file = file
        next = try file.next()
        current = try file.current()
        guard current != nil || next != nil else { throw StorageError(.notFound, file.path) }
    }

    /// The log's name, as the keys have it.
    var origin: String { (current ?? next)?.verificationKey.name ?? "" }

    /// What must be done before the log can be written.
    enum Step {
        /// Nothing, or destroy a next key that nothing announced.
        case sign(LogSigningKey)
        /// The epoch is closed: destroy its key and take the next.
        case promote(LogSigningKey)
        /// The next key is announced, and the epoch not closed yet.
        case close(by: LogSigningKey, then: LogSigningKey)

        /// The key that signs next.
        var signer: LogSigningKey {
            switch self {
            case .sign(let key), .promote(let key), .close(let key, _): key
            }
        }
    }

    /// Compares the keys with what the log announces; nil if they are not this log's.
    func step(_ epochs: AnnouncedKeys, treeSize: UInt64) -> Step? {
        guard let latest = epochs.latest else { return current.map { .sign($0) } }
        if latest.isClosed {
            if let current, current.verificationKey == latest.key { return .sign(current) }
            if let next, next.verificationKey == latest.key { return .promote(next) }
            return nil
        }
        guard latest.index + 1 == treeSize, let current, let next,
            current.verificationKey == epochs.previous?.key, next.verificationKey == latest.key
        else { return nil }
        return .close(by: current, then: next)
    }
}
