// SPDX-License-Identifier: Apache-2.0

import Conduct
import Cryptography
import Diagnostics
import Glibc
import Identities
import LogStorage

/// The text form of the vault's keys: what they are for, and 64 hexadecimal digits.
enum KeyText: String {
    case master = "vigie-master"
    case custodian = "vigie-custodian"
    case custodianPublic = "vigie-custodian-public"

    /// The line of a key.
    func line(_ bytes: [UInt8]) -> String {
        "\(rawValue) \(Self.digits(bytes))"
    }

    /// Bytes as hexadecimal digits.
    static func digits(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The bytes of lower-case hexadecimal digits; nil if they are something else.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map(\.hexadecimal)
        let values = digits.compactMap { $0 }
        guard values.count == digits.count, values.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    /// The bytes of a line; nil if it is not such a key's.
    func parse(_ line: String) -> [UInt8]? {
        let words = line.split(separator: " ")
        guard words.count == 2, words[0] == rawValue[...], words[1].utf8.count == 64 else {
            return nil
        }
        return Self.bytes(words[1])
    }

    /// The private key in a file that its owner alone may read.
    ///
    /// - Throws: ``KeyTextError`` if the file holds another kind of text.
    func read(_ path: String) throws -> SecretBytes {
        let line = try KeyFile.readPrivate(path)
        guard let bytes = parse(line) else { throw KeyTextError(path: path, kind: self) }
        return SecretBytes(bytes)
    }

    /// The public key in a file.
    func readPublic(_ path: String) throws -> [UInt8] {
        let text = String(
            decoding: try TextFile.read(path, byteCountMax: 1 << 12), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard let bytes = parse(line) else { throw KeyTextError(path: path, kind: self) }
        return bytes
    }
}

extension UInt8 {
    /// The value of a lower-case hexadecimal digit.
    fileprivate var hexadecimal: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// A file that does not hold the key it should.
struct KeyTextError: Diagnosable {
    let path: String
    let kind: KeyText
    static let code = "IDN201"

    var diagnostic: Diagnostic {
        Diagnostic(
            code: Self.code, place: .file(path),
            message: LocalizedText(
                fr: "ce fichier ne contient pas une clé `\(kind.rawValue)`",
                en: "this file does not hold a `\(kind.rawValue)` key"),
            remedy: LocalizedText(
                fr: "donnez un fichier écrit par `vigie identity key` ou `vigie identity init`",
                en: "give a file that `vigie identity key` or `vigie identity init` wrote"))
    }
}
