// SPDX-License-Identifier: Apache-2.0

/// What an entry says of its log's keys: `log.open` the first one, `key.rotate` each that follows.
public struct LogAnnouncement: Hashable, Sendable {
    /// The key that signs the log after this entry.
    public let key: LogVerificationKey
    /// The key that may close an epoch after a restoration; `log.open` says it.
    public let recoveryKey: LogVerificationKey?
    /// Whether the key takes the place of another one.
    public let isRotation: Bool

    /// Reads an entry; nil if it does not announce a key.
    public init?(entry: [UInt8]) {
        guard let scanned = try? EntryScanner().scan(entry),
            let type = scanned.range(of: .type)
        else { return nil }
        func key(_ field: EntryField) -> LogVerificationKey? {
            scanned.range(of: field).flatMap {
                try? LogVerificationKey(parsing: String(decoding: entry[$0], as: UTF8.self))
            }
        }
        isRotation = entry[type].elementsEqual("key.rotate".utf8)
        guard isRotation || entry[type].elementsEqual("log.open".utf8), let next = key(.key) else {
            return nil
        }
        (self.key, recoveryKey) = (next, key(.recoveryKey))
    }
}
