// SPDX-License-Identifier: Apache-2.0

import Cryptography

/// The lines of a proof: a word and a number, hashes in base64, an empty line, a checkpoint.
enum ProofText {
    /// Where the first empty line ends: at its line feed.
    static func emptyLine(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropFirst().first { bytes[$0] == 0x0A && bytes[$0 - 1] == 0x0A }
    }

    /// The lines before that.
    static func lines(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
    }

    /// A number below 2^53 in its shortest form, after a word.
    static func number(_ line: ArraySlice<UInt8>, after word: String) -> UInt64? {
        guard line.starts(with: word.utf8) else { return nil }
        let digits = line.dropFirst(word.utf8.count)
        guard (1...16).contains(digits.count), digits.first != 0x30 || digits.count == 1,
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let number = digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
        return number < 1 << 53 ? number : nil
    }

    static func hashes(
        _ lines: ArraySlice<ArraySlice<UInt8>>, countMax: Int
    ) -> [SHA256Digest]? {
        guard lines.count <= countMax else { return nil }
        let hashes = lines.compactMap { Base64.decode($0).flatMap { SHA256Digest(bytes: $0) } }
        return hashes.count == lines.count ? hashes : nil
    }

    static func text(_ hashes: [SHA256Digest]) -> String {
        hashes.map { Base64.encode($0.bytes) + "\n" }.joined()
    }
}
