// SPDX-License-Identifier: Apache-2.0

/// The written policy that a purge follows: how long entries are kept, at least and at most.
///
///     # Decision of the controller, 2 March 2026
///     retention_days_min: 180
///     retention_days_max: 365
public struct RetentionPolicy: Hashable, Sendable {
    /// The number of days for which every entry is kept.
    public let daysMin: UInt64
    /// The number of days after which entries should be gone.
    public let daysMax: UInt64

    private static let byteCountMax = 1 << 16

    /// Parses a policy's text, in UTF-8, with or without a byte order mark, and lines of any system.
    ///
    /// - Throws: ``StorageError/Code/malformedPolicy`` if a line is neither empty, a comment nor one
    ///   of the two settings, or if one of these is missing.
    public init(parsing bytes: [UInt8], path: String) throws(StorageError) {
        var malformed = StorageError(.malformedPolicy, path: path)
        guard bytes.count <= Self.byteCountMax, String(validating: bytes, as: UTF8.self) != nil
        else { throw malformed }
        var settings: [String: UInt64] = [:]
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (number, bytes) in lines.enumerated() {
            let text = bytes.last == 0x0D ? bytes.dropLast() : bytes
            let line = String(decoding: text, as: UTF8.self)
            guard !line.allSatisfy({ $0 == " " }), !line.hasPrefix("#") else { continue }
            let parts = line.split(separator: ":", maxSplits: 1)
            malformed.line = number + 1
            guard parts.count == 2,
                let days = LogDirectory.number(parts[1].drop { $0 == " " }),
                ["retention_days_min", "retention_days_max"].contains(String(parts[0])),
                settings.updateValue(days, forKey: String(parts[0])) == nil
            else { throw malformed }
        }
        malformed.line = nil
        guard let least = settings["retention_days_min"], let most = settings["retention_days_max"],
            least >= 1, least <= most, most <= 36_500
        else { throw malformed }
        (daysMin, daysMax) = (least, most)
    }
}

/// A purge that somebody asks for, and somebody else approves.
public struct PurgeRequest: Sendable {
    /// Entries recorded before that are purged, in milliseconds since 1970.
    public var cutoff: Int64
    /// The policy.
    public var policy: RetentionPolicy
    /// The policy's version, under which the log keeps a copy of it; nil if it keeps none.
    public var policyHash: String
    /// Who asks, a pseudonym.
    public var requester: String
    /// Who approves, another one.
    public var approver: String
    /// What stays of the entries that are purged, since it is in force.
    ///
    /// Without it, no audit knows the state of the world from this purge on.
    public var standing: Standing?

    /// The entries that are in force.
    public struct Standing: Sendable {
        /// Their indices, in order.
        public var indices: [UInt64]
        /// From when on they say what the state of the world is, in milliseconds since 1970.
        public var since: Int64

        /// Names them.
        public init(indices: [UInt64], since: Int64) {
            (self.indices, self.since) = (indices, since)
        }
    }

    /// Makes a request.
    public init(
        cutoff: Int64, policy: RetentionPolicy, policyHash: String, requester: String,
        approver: String, standing: Standing? = nil
    ) {
        self.standing = standing
        self.cutoff = cutoff
        self.policy = policy
        self.policyHash = policyHash
        self.requester = requester
        self.approver = approver
    }
}

/// What a purge would take.
public struct PurgePlan: Hashable, Sendable {
    /// The entries.
    public var entries: Range<UInt64>
    /// The instant before which they were all recorded, in milliseconds since 1970.
    public var before: Int64
}
