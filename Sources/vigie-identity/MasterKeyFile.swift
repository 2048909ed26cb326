// SPDX-License-Identifier: Apache-2.0

import Conduct
import Cryptography
import Diagnostics
import Glibc
import Identities
import LogStorage
import SecurityTokens

/// The file of a vault's master key: the key itself, or what a security token sealed of it.
///
///     vigie-master 64 digits
///
///     pkcs11:token=coffre;object=vigie-vault-1f2e3d4c?module-path=…&pin-source=…
///     vigie-master-sealed 120 digits
///
/// The second form opens with that token alone: a copy of the vault and of this file, without the token
/// and its PIN, shows nobody and finds nobody.
struct MasterKeyFile {
    private let path: String
    /// What the key is sealed for: the sealed line of a log's secret is no vault's key.
    private static let context = Array("vigie/vault/master/1".utf8)
    private static let sealed = "vigie-master-sealed"

    init(_ path: String) { self.path = path }

    /// The key.
    ///
    /// - Throws: ``KeyTextError`` if the file holds something else, ``MasterTokenError`` if the token
    ///   does not open it.
    func read() throws -> MasterKey {
        let lines = try KeyFile.readPrivateLines(path)
        let secret =
            lines[0].hasPrefix(TokenReference.scheme)
            ? try unsealed(lines)
            : KeyText.master.parse(lines[0]).map { SecretBytes($0) }
        guard let secret, let key = MasterKey(secret) else {
            throw KeyTextError(path: path, kind: .master)
        }
        return key
    }

    private func unsealed(_ lines: [String]) throws -> SecretBytes? {
        let reference = try MasterTokenError.asking(path) { () throws(TokenError) in
            try TokenReference(parsing: lines[0])
        }
        let words = lines.dropFirst().first?.split(separator: " ") ?? []
        guard words.count == 2, words[0] == Self.sealed[...],
            let box = KeyText.bytes(words[1])
        else { return nil }
        return try MasterTokenError.asking(path) { () throws(TokenError) in
            try TokenCipher(reference).open(box, context: Self.context)
        }
    }

    /// Writes a new key, which must not have a file yet.
    ///
    /// - Parameter token: Where to seal it; nil to write it as it is.
    /// - Returns: The key.
    /// - Throws: ``MasterTokenError``, or what writing throws.
    func make(in token: String?) throws -> MasterKey {
        let secret = try MasterKey.random()
        guard let key = MasterKey(secret) else { throw CryptographyError.invalidKey }
        guard let token else {
            try KeyFile.write(KeyText.master.line(secret.bytes), to: path, isPrivate: true)
            return key
        }
        var reference = try MasterTokenError.asking(path) { () throws(TokenError) in
            try TokenReference(parsing: token)
        }
        if reference.object.isEmpty {
            reference.object = "vigie-vault-" + String(UInt64.random(in: 0...(.max)), radix: 16)
        }
        // The label is on the disk before the key is in the token: none is ever forgotten there.
        try KeyFile.write(reference.text, to: path, isPrivate: true)
        let cipher = TokenCipher(reference)
        let box = try MasterTokenError.asking(path) { () throws(TokenError) in
            try cipher.generate()
            return try cipher.seal(secret, context: Self.context)
        }
        let whole = path + ".sealed"
        try KeyFile.write(
            "\(reference.text)\n\(Self.sealed) \(KeyText.digits(box))", to: whole, isPrivate: true)
        guard unsafe rename(whole, path) == 0 else { throw SystemFailure.writing(path, errno) }
        return key
    }
}

/// A security token did not make or open a vault's master key.
struct MasterTokenError: Diagnosable {
    let path: String
    let error: TokenError

    /// The kinds of failure, with raw values that never change.
    enum Code: String {
        case refused = "IDN209"
        case malformed = "IDN210"
    }

    /// Asks a token, and says which file it was asked for.
    static func asking<Value>(
        _ path: String, _ body: () throws(TokenError) -> Value
    ) throws -> Value {
        do throws(TokenError) { return try body() } catch {
            throw MasterTokenError(path: path, error: error)
        }
    }

    private var reason: String {
        switch error {
        case .malformedReference: "URI"
        case .noModule: "module-path"
        case .noToken: "token"
        case .noKey: "object"
        case .noPIN: "pin-source"
        case .exposedPIN: "pin-source, chmod 600"
        case .noRandomness: "random"
        case .refused(let status): "0x" + String(status, radix: 16)
        }
    }

    var diagnostic: Diagnostic {
        guard error != .malformedReference else {
            return Diagnostic(
                code: Code.malformed.rawValue, place: .file(path),
                message: LocalizedText(
                    fr: "ce n’est pas l’URI PKCS\u{A0}#11 d’un jeton",
                    en: "not the PKCS #11 URI of a token"),
                remedy: LocalizedText(
                    fr: "écrivez `pkcs11:token=NOM?module-path=FICHIER&pin-source=FICHIER`",
                    en: "write `pkcs11:token=NAME?module-path=FILE&pin-source=FILE`"))
        }
        return Diagnostic(
            code: Code.refused.rawValue, place: .file(path),
            message: LocalizedText(
                fr: "le jeton n’a pas ouvert la clé maîtresse (\(reason))",
                en: "the token did not open the master key (\(reason))"),
            remedy: LocalizedText(
                fr: "branchez le jeton, vérifiez son étiquette et le fichier du code",
                en: "plug the token in, check its label and the file of its PIN"))
    }
}
