// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Merkle
import Testing

/// Where the vectors are; nil where they are absent.
enum VectorFolder {
    static let folder: URL? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["VIGIE_VECTORS"].map { URL(filePath: $0) }
        let places =
            [named, package.appending(path: "../shared/vectors")].compactMap { $0 }
            + [package.appending(path: "../../shared/vectors")]
        return places.map { $0.appending(path: "merkle") }.first {
            FileManager.default.fileExists(atPath: $0.path)
        }
    }()
}

/// The proofs of the transparency-dev/merkle project, good and mutated.
@Suite(.enabled(if: VectorFolder.folder != nil, "the vectors' folder is absent"))
struct VectorTests {
    struct Inclusion: Decodable {
        var leafIdx: UInt64
        var treeSize: UInt64
        var root: Data
        var leafHash: Data
        var proof: [Data]?
        var desc: String
        var wantErr: Bool
    }

    struct Consistency: Decodable {
        var size1: UInt64
        var size2: UInt64
        var root1: Data
        var root2: Data
        var proof: [Data]?
        var desc: String
        var wantErr: Bool
    }

    static func files(_ kind: String) -> [URL] {
        guard let folder = VectorFolder.folder?.appending(path: kind),
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        else { return [] }
        return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }
    }

    /// A digest; bytes of another length stand for one that equals no other.
    static func digest(_ data: Data?) -> SHA256Digest {
        let bytes = Array(data ?? Data())
        return SHA256Digest(bytes: bytes) ?? SHA256Hasher().hash(bytes)
    }

    /// The hashes; nil if one is not a hash, which no proof can hold.
    static func digests(_ proof: [Data]?) -> [SHA256Digest]? {
        let all = (proof ?? []).map { SHA256Digest(bytes: Array($0)) }
        return all.contains(nil) ? nil : all.compactMap { $0 }
    }

    @Test func inclusionProofs() throws {
        let files = Self.files("inclusion")
        #expect(files.count == 98)
        for file in files {
            let vector = try JSONDecoder().decode(Inclusion.self, from: Data(contentsOf: file))
            var isValid = false
            // What is not a hash cannot be given to a proof at all.
            if let hashes = Self.digests(vector.proof),
                let ends = Self.digests([vector.leafHash, vector.root])
            {
                let proof = InclusionProof(
                    index: vector.leafIdx, treeSize: vector.treeSize, hashes: hashes)
                isValid = proof.verify(leafHash: ends[0], root: ends[1])
            }
            #expect(isValid == !vector.wantErr, "\(file.path): \(vector.desc)")
        }
    }

    @Test func consistencyProofs() throws {
        let files = Self.files("consistency")
        #expect(files.count == 98)
        for file in files {
            let vector = try JSONDecoder().decode(Consistency.self, from: Data(contentsOf: file))
            var isValid = false
            if let hashes = Self.digests(vector.proof) {
                let proof = ConsistencyProof(
                    oldSize: vector.size1, newSize: vector.size2, hashes: hashes)
                isValid = proof.verify(
                    oldRoot: Self.digest(vector.root1), newRoot: Self.digest(vector.root2))
            }
            #expect(isValid == !vector.wantErr, "\(file.path): \(vector.desc)")
        }
    }
}
