// SPDX-License-Identifier: Apache-2.0

import Cedar
public import Cryptography
public import Merkle
import Reporting
import TransparencyLog

/// What proves that a summary was recorded in the log: the entry, where it is, and under which head.
public struct SummaryReceipt: Hashable, Sendable {
    /// The bytes of the `summary.release` entry.
    public var entry: String
    /// That it is in the log.
    public var inclusion: InclusionProof
    /// The signed head that covers it.
    public var checkpoint: String
    /// That the heads of earlier releases are heads of the same log, with their roots.
    public var history: [History]
    /// The last head before the release that witnesses cosigned, with their lines; nil for none.
    public var cosigned: String?

    /// An earlier head, and the proof that the present one continues it.
    public struct History: Hashable, Sendable {
        /// The root hash of the earlier head.
        public var root: SHA256Digest
        /// The proof.
        public var proof: ConsistencyProof

        /// Names a head and its proof.
        public init(root: SHA256Digest, proof: ConsistencyProof) {
            self.root = root
            self.proof = proof
        }
    }

    /// Makes a receipt.
    public init(
        entry: String, inclusion: InclusionProof, checkpoint: String, history: [History],
        cosigned: String? = nil
    ) {
        self.cosigned = cosigned
        self.entry = entry
        self.inclusion = inclusion
        self.checkpoint = checkpoint
        self.history = history
    }

    /// The receipt as JSON.
    public var json: String {
        func hashes(_ hashes: [SHA256Digest]) -> JSONNode {
            .array(hashes.map { .string($0.hex) })
        }
        let node = JSONNode.object([
            ("entry", .string(entry)),
            ("index", .integer(Int64(clamping: inclusion.index))),
            ("size", .integer(Int64(clamping: inclusion.treeSize))),
            ("inclusion", hashes(inclusion.hashes)), ("checkpoint", .string(checkpoint)),
            ("cosigned", cosigned.map { .string($0) } ?? .null),
            (
                "history",
                .array(
                    history.map {
                        .object([
                            ("size", .integer(Int64(clamping: $0.proof.oldSize))),
                            ("root", .string($0.root.hex)), ("proof", hashes($0.proof.hashes)),
                        ])
                    })
            ),
        ])
        return node.rendered().split(separator: "<", omittingEmptySubsequences: false)
            .joined(separator: "\\u003c")
    }

    /// Reads a receipt; nil if the text is not one.
    public init?(parsing text: String) {
        guard text.utf8.count <= 1 << 22,
            let json = try? JSONValue(parsing: text, file: "receipt"),
            case .string(let entry) = json["entry"],
            case .string(let checkpoint) = json["checkpoint"],
            let index = Self.size(json["index"]), let size = Self.size(json["size"]),
            let path = Self.hashes(json["inclusion"]), case .array(let items) = json["history"],
            items.count <= 10_000
        else { return nil }
        var history: [History] = []
        for item in items {
            guard let old = Self.size(item["size"]), case .string(let hex) = item["root"],
                let root = SHA256Digest(hex: hex), let proof = Self.hashes(item["proof"])
            else { return nil }
            history.append(
                History(
                    root: root, proof: ConsistencyProof(oldSize: old, newSize: size, hashes: proof))
            )
        }
        self.init(
            entry: entry, inclusion: InclusionProof(index: index, treeSize: size, hashes: path),
            checkpoint: checkpoint, history: history)
        if case .string(let cosigned) = json["cosigned"] { self.cosigned = cosigned }
    }

    private static func size(_ value: JSONValue?) -> UInt64? {
        guard case .int(let number) = value, number >= 0, number < 1 << 53 else { return nil }
        return UInt64(number)
    }

    private static func hashes(_ value: JSONValue?) -> [SHA256Digest]? {
        guard case .array(let items) = value, items.count <= 128 else { return nil }
        var hashes: [SHA256Digest] = []
        for item in items {
            guard case .string(let hex) = item, let hash = SHA256Digest(hex: hex) else {
                return nil
            }
            hashes.append(hash)
        }
        return hashes
    }
}
