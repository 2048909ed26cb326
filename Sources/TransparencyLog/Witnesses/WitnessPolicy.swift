// SPDX-License-Identifier: Apache-2.0

/// Which logs and which witnesses a reader trusts, and how many of the witnesses must have
/// cosigned a checkpoint (C2SP `tlog-policy`).
///
///     log vigie.example/pilote+1f2e3d4c+AbCd…
///     witness cse cse.example/temoin+8a6b1c2d+BAbC… http://192.0.2.7:2025
///     witness dpo dpo.example/temoin+0c9d8e7f+BCde…
///     group partenaires any cse dpo
///     quorum partenaires
///
/// The names of witnesses and groups are bytes, and mean nothing outside the policy.
public struct WitnessPolicy: Hashable, Sendable {
    /// A log that the policy accepts.
    public struct Log: Hashable, Sendable {
        /// The log's key.
        public var key: LogVerificationKey
        /// Where the log is, if the policy says so.
        public var url: String?
    }

    /// A witness that the policy knows.
    public struct Witness: Hashable, Sendable {
        /// The witness's name in the policy.
        public var name: [UInt8]
        /// The witness's key.
        public var key: WitnessVerificationKey
        /// The witness's submission prefix, if the policy gives one.
        public var url: String?
    }

    /// A witness or a group, by its place in ``witnesses`` or among the groups.
    enum Member: Hashable, Sendable {
        case witness(Int)
        case group(Int)
    }

    struct Group: Hashable, Sendable {
        var threshold: Int
        var members: [Member]
    }

    /// The greatest number of lines.
    static let lineCountMax = 4_096

    /// The logs, in the order of the file.
    public internal(set) var logs: [Log] = []
    /// The witnesses, in the order of the file.
    public internal(set) var witnesses: [Witness] = []
    /// The groups, each after its members.
    var groups: [Group] = []
    /// What must have witnessed a checkpoint; nil for `quorum none`.
    var quorum: Member?

    /// Whether cosignatures by these witnesses are enough.
    ///
    /// - Parameter cosigners: Places in ``witnesses``.
    /// - Returns: Whether the quorum holds.
    public func isQuorum(_ cosigners: Set<Int>) -> Bool {
        guard let quorum else { return true }
        // Groups come after their members, so one pass settles them all.
        var settled: [Bool] = []
        func holds(_ member: Member) -> Bool {
            switch member {
            case .witness(let number): cosigners.contains(number)
            case .group(let number): settled[number]
            }
        }
        for group in groups {
            settled.append(group.members.count(where: holds) >= group.threshold)
        }
        return holds(quorum)
    }

    /// Looks for the cosignatures of the policy's witnesses under a text.
    public func judge(_ signatures: [SignedNote.Signature], over text: String) -> Cosigning {
        var cosigning = Cosigning()
        var cosigners: Set<Int> = []
        for signature in signatures {
            guard let number = witnesses.firstIndex(where: { $0.key.isNamed(by: signature) })
            else {
                cosigning.unknownCount += 1
                continue
            }
            let witness = witnesses[number]
            guard let seconds = witness.key.timestamp(of: signature, over: text) else {
                cosigning.invalid.append(witness)
                continue
            }
            cosigning.add(Cosigning.Statement(witness: witness, seconds: seconds))
            cosigners.insert(number)
        }
        // A note with a false signature of a known key is no evidence of anything.
        cosigning.isQuorum = cosigning.invalid.isEmpty && isQuorum(cosigners)
        return cosigning
    }
}

/// The cosignatures that stand under one checkpoint, as far as a policy knows their witnesses.
public struct Cosigning: Hashable, Sendable {
    /// What one witness stated.
    public struct Statement: Hashable, Sendable {
        /// The witness.
        public var witness: WitnessPolicy.Witness
        /// When it saw no larger tree than this one, in seconds since 1970.
        public var seconds: UInt64
    }

    /// The latest statement of each witness.
    public internal(set) var statements: [Statement] = []
    /// The witnesses whose names stand above signatures that are not theirs.
    public internal(set) var invalid: [WitnessPolicy.Witness] = []
    /// The number of signatures by keys that the policy does not know: the log's own among them.
    public internal(set) var unknownCount = 0
    /// Whether the statements are the quorum that the policy asks for.
    public internal(set) var isQuorum = false

    mutating func add(_ statement: Statement) {
        guard let place = statements.firstIndex(where: { $0.witness == statement.witness }) else {
            return statements.append(statement)
        }
        statements[place].seconds = max(statements[place].seconds, statement.seconds)
    }
}
