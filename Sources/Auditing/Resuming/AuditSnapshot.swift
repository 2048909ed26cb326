// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Cryptography
public import Snapshots
public import TransparencyLog

/// An audit as far as the last whole bundle of the log, so that the next one goes on from there.
///
/// It is believed only if its digest stands in a `check.complete` entry that the log itself holds
/// after the part that it speaks of: whoever alters it would have to forge the signed log.
public struct AuditSnapshot: Sendable {
    /// The bundles that were verified.
    let prefix: VerifiedPrefix
    /// The state that their entries tell.
    let registry: RegistryBuilder
    /// What was found, run by run, from entry 0 to the end of the prefix.
    let parts: [AuditPart]
    /// What the rules over time judged for good.
    let ruleState: RuleState
    /// What the audit judged by (``Auditor/settingDigest``).
    let setting: SHA256Digest

    private static let magic = Array("vigie audit state 5\n".utf8)

    /// The number of entries that it covers.
    public var treeSize: UInt64 { prefix.treeSize }

    /// About as many bytes as the state has, or more.
    var roughByteCount: Int {
        let start = (4 << 20) + Int(treeSize / 4) + registry.changeCount * 48
        return parts.reduce(start) { size, part in
            size + 1_024 + part.findings.count * 2_048 + part.ruleEvents.count * 64
        }
    }

    /// Writes the state; equal states give equal bytes.
    func encode(to writer: inout SnapshotWriter) {
        writer.write(raw: Self.magic)
        writer.write(setting)
        prefix.encode(to: &writer)
        registry.encode(to: &writer)
        writer.write(each: parts) { $1.encode(to: &$0) }
        ruleState.encode(to: &writer)
    }

    /// The state as bytes.
    public var encoded: [UInt8] {
        var writer = SnapshotWriter()
        encode(to: &writer)
        return writer.bytes
    }

    /// Reads a state.
    ///
    /// - Throws: ``TransparencyLog/MalformedSnapshot``. That the bytes read well says nothing of
    ///   their origin: see ``isRecorded(_:in:)``.
    public init(decoding bytes: [UInt8]) throws(MalformedSnapshot) {
        try self.init(from: SnapshotReader(bytes))
    }

    init(from reader: consuming SnapshotReader) throws(MalformedSnapshot) {
        guard try reader.raw(Self.magic.count).elementsEqual(Self.magic) else {
            throw MalformedSnapshot()
        }
        setting = try reader.digest()
        prefix = try VerifiedPrefix(from: &reader)
        registry = try RegistryBuilder(from: &reader)
        parts = try reader.list { reader throws(MalformedSnapshot) in
            try AuditPart(from: &reader)
        }
        ruleState = try RuleState(from: &reader)
        guard reader.isAtEnd else { throw MalformedSnapshot() }
        var end: UInt64 = 0
        for part in parts {
            guard part.range.lowerBound == end else { throw MalformedSnapshot() }
            end = part.range.upperBound
        }
        guard end == prefix.treeSize else { throw MalformedSnapshot() }
    }

    init(
        prefix: VerifiedPrefix, registry: RegistryBuilder, parts: [AuditPart],
        setting: SHA256Digest, ruleState: RuleState
    ) {
        self.prefix = prefix
        self.registry = registry
        self.parts = parts
        self.setting = setting
        self.ruleState = ruleState
    }

    /// Whether the log says, after the entries that the state covers, that this program left it.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of the bytes that the state was read from.
    ///   - log: The log, verified from the state on: these entries are read in any case.
    /// - Returns: False if nothing says so.
    /// - Throws: ``TransparencyLog/ReplayError`` if the log changed after it was verified.
    public func isRecorded(_ digest: SHA256Digest, in log: VerifiedLog) throws -> Bool {
        let wanted = digest.hex
        var isRecorded = false
        guard treeSize < log.treeSize else { return false }
        try log.replay(treeSize..<log.treeSize) { entry in
            guard entry.type == "check.complete", entry.slice(.source)?.equals("vigie") ?? false,
                entry.string(.hash) == wanted
            else { return }
            isRecorded = true
        }
        return isRecorded
    }
}

/// Where the next audit can go on: what verification left, and the state at that place.
public struct ResumePoint: Sendable {
    let prefix: VerifiedPrefix
    /// The state at the end of the prefix.
    let registry: RegistryBuilder
    /// How far back the entries after the earlier state reach.
    let reach: ChangeReach
}
