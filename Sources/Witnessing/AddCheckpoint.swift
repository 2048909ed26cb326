// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import TransparencyLog

/// What a log asks of a witness: to cosign a checkpoint (C2SP `tlog-witness`, `add-checkpoint`).
///
///     old 20852014
///     PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
///
///     vigie.example/pilote
///     20852163
///     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
///
///     — vigie.example/pilote Az3grlgtzPICa5OS8npVmf1Myq…
public struct AddCheckpoint: Hashable, Sendable {
    /// The size of the checkpoint that the witness cosigned last, as the log believes.
    public var oldSize: UInt64
    /// The consistency proof from that size to the checkpoint's.
    public var proof: [SHA256Digest]
    /// The checkpoint, with its signatures.
    public var note: SignedNote

    /// The greatest number of lines of a proof.
    public static let proofCountMax = 63
    /// The greatest number of bytes of a request: a note, the proof, and the line of the old size.
    public static let byteCountMax = SignedNote.byteCountMax + proofCountMax * 45 + 32

    /// Makes a request from its parts.
    public init(oldSize: UInt64, proof: [SHA256Digest], note: SignedNote) {
        self.oldSize = oldSize
        self.proof = proof
        self.note = note
    }

    /// Parses the body of a request; nil if it is not in the form.
    public init?(parsing body: [UInt8]) {
        guard body.count <= Self.byteCountMax,
            let split = body.indices.dropLast().first(where: {
                body[$0] == 0x0A && body[$0 + 1] == 0x0A
            })
        else { return nil }
        let lines = body[..<split].split(separator: 0x0A, omittingEmptySubsequences: false)
        let prefix = Array("old ".utf8)
        guard lines.count <= Self.proofCountMax + 1, let first = lines.first,
            first.starts(with: prefix), let oldSize = TreeSize.parse(first.dropFirst(4))
        else { return nil }
        var proof: [SHA256Digest] = []
        for line in lines.dropFirst() {
            guard let bytes = Base64.decode(line), let hash = SHA256Digest(bytes: bytes) else {
                return nil
            }
            proof.append(hash)
        }
        guard let note = try? SignedNote(parsing: Array(body[(split + 2)...])) else {
            // The answer is the same whatever is wrong with the note.
            return nil
        }
        self.init(oldSize: oldSize, proof: proof, note: note)
    }

    /// The body of the request.
    public var body: [UInt8] {
        var text = "old \(oldSize)\n"
        for hash in proof { text += Base64.encode(hash.bytes) + "\n" }
        return Array((text + "\n").utf8) + note.bytes
    }
}

/// What a witness answers.
public struct WitnessAnswer: Hashable, Sendable {
    /// The HTTP status.
    public enum Status: Int, CaseIterable, Sendable {
        /// Here are the cosignatures.
        case cosigned = 200
        /// The request is not in the form, or its old size is above the checkpoint's.
        case malformed = 400
        /// No signature is by a key of the log.
        case notSigned = 403
        /// The witness does not know the log.
        case unknownLog = 404
        /// The witness cosigned another size last; the body says which.
        case conflict = 409
        /// The checkpoint does not continue the one that was cosigned last.
        case inconsistent = 422
        /// The witness cannot cosign now: its disk or its clock is not in order.
        case unavailable = 503
    }

    /// The HTTP status.
    public var status: Status
    /// The media type of the body.
    public var contentType: String
    /// The body.
    public var body: [UInt8]

    /// The media type of a size.
    public static let sizeType = "text/x.tlog.size"

    init(_ status: Status, _ text: String, contentType: String = "text/plain; charset=utf-8") {
        self.status = status
        self.contentType = contentType
        body = Array(text.utf8)
    }

    static func conflict(size: UInt64) -> WitnessAnswer {
        WitnessAnswer(.conflict, "\(size)\n", contentType: sizeType)
    }
}

/// The size of a tree as the protocol writes it: decimal, without leading zeros.
public enum TreeSize {
    /// Parses a size; nil if it is not in the form, or not less than 2^63.
    public static func parse(_ text: some Collection<UInt8>) -> UInt64? {
        guard (1...19).contains(text.count), text.count == 1 || text.first != 0x30 else {
            return nil
        }
        var value: UInt64 = 0
        for character in text {
            guard (0x30...0x39).contains(character) else { return nil }
            value = value * 10 + UInt64(character - 0x30)
        }
        return value < 1 << 63 ? value : nil
    }
}
