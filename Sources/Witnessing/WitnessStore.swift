// SPDX-License-Identifier: Apache-2.0

public import TransparencyLog

/// The checkpoint of a log that a witness cosigned last.
public struct WitnessedHead: Hashable, Sendable {
    /// The checkpoint, with the log's signatures that were verified and the witness's own.
    public var note: SignedNote
    /// What the note says.
    public var checkpoint: Checkpoint
    /// When it was cosigned, in seconds since 1970.
    public var seconds: UInt64

    /// Makes a head from its parts.
    public init(note: SignedNote, checkpoint: Checkpoint, seconds: UInt64) {
        self.note = note
        self.checkpoint = checkpoint
        self.seconds = seconds
    }
}

/// A request that a witness refused, and that speaks against the log that signed it.
public struct WitnessEvidence: Hashable, Sendable {
    /// What it shows.
    public enum Kind: String, CaseIterable, Sendable {
        /// Two roots of one size, both signed by the log: the log has two histories.
        case fork
        /// A checkpoint that is not shown to continue the one before. The proof may be at fault.
        case inconsistency
        /// A checkpoint smaller than the one before. It may be an old one sent again.
        case rollback
    }

    /// What it shows.
    public var kind: Kind
    /// What the witness had cosigned before.
    public var known: WitnessedHead
    /// The request, byte for byte.
    public var request: [UInt8]
    /// When it came, in seconds since 1970.
    public var seconds: UInt64

    /// What the log signed, which tells one piece of evidence from another.
    public var refused: String
}

/// Where a witness keeps what it must never forget.
///
/// The witness calls it from one thread at a time, and answers nobody before a call returns.
public protocol WitnessStore {
    /// The keys that sign a log; none if the witness does not know the log.
    ///
    /// - Throws: An error if that cannot be read; nothing is cosigned then.
    func keys(of origin: String) throws -> [LogVerificationKey]

    /// The checkpoint of a log that was cosigned last; nil if none ever was.
    ///
    /// - Throws: An error if that cannot be read, or was lost; nothing is cosigned then.
    func head(of origin: String) throws -> WitnessedHead?

    /// Makes a head durable: it is on the disk when this returns.
    ///
    /// - Throws: An error if it may not be on the disk; the cosignature is then never given away.
    mutating func record(_ head: WitnessedHead) throws

    /// Makes durable that a log is signed by another key from now on.
    ///
    /// - Throws: An error if that may not be on the disk.
    mutating func supersede(
        _ old: LogVerificationKey, by new: LogVerificationKey) throws

    /// Keeps evidence.
    ///
    /// - Throws: An error if it could not be kept; the request is refused all the same.
    mutating func keep(_ evidence: WitnessEvidence) throws
}
