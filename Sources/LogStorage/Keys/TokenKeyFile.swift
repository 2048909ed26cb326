// SPDX-License-Identifier: Apache-2.0

import Cryptography
import SecurityTokens
public import TransparencyLog

/// What the file of a key says that is in a security token.
///
///     pkcs11:token=journal;object=vigie-1f2e3d4c?module-path=…&pin-source=…
///     vigie.example/pilote+1f2e3d4c+AaBb…
///
/// The second line, the public key, is written once the token has made it.
public struct TokenKeyFile: Sendable {
    private let path: String
    private let token: TokenKey
    private let verificationKey: LogVerificationKey?

    /// Reads the lines of a file; nil if it holds something else.
    init?(_ lines: [String], _ path: String) throws(StorageError) {
        guard let first = lines.first, first.hasPrefix(TokenReference.scheme) else { return nil }
        guard let reference = try? TokenReference(parsing: first), !reference.object.isEmpty else {
            throw StorageError(.malformedKey, path)
        }
        self.path = path
        token = TokenKey(reference)
        verificationKey = lines.count > 1 ? try? LogVerificationKey(parsing: lines[1]) : nil
    }

    /// Makes the first key of a log in a token, and writes where it is.
    ///
    /// - Parameters:
    ///   - uri: Which token, its maker's library, and the file of the PIN; without `object` the key
    ///     gets a label of its own.
    ///   - name: The log's origin.
    ///   - path: The key's file; it must not be there.
    /// - Returns: The key.
    /// - Throws: ``StorageError``, ``StorageError/Code/tokenRefused`` if the token does not make it.
    public static func make(
        _ uri: String, name: String, at path: String
    ) throws(StorageError) -> LogSigningKey {
        guard let reference = try? TokenReference(parsing: uri) else {
            throw StorageError(.malformedKey, uri)
        }
        return try make(reference, name: name, at: path)
    }

    /// Checks that a text names a place in a token; the token itself is not asked.
    ///
    /// - Throws: ``StorageError/Code/malformedKey`` if it does not.
    public static func check(_ uri: String) throws(StorageError) {
        guard (try? TokenReference(parsing: uri)) != nil else {
            throw StorageError(.malformedKey, uri)
        }
    }

    /// The label is on the disk before the key is in the token: none is ever forgotten there.
    private static func make(
        _ reference: TokenReference, name: String, at path: String
    ) throws(StorageError) -> LogSigningKey {
        var reference = reference
        if reference.object.isEmpty {
            reference.object = "vigie-" + String(UInt64.random(in: 0...(.max)), radix: 16)
        }
        try KeyFile.write(reference.text, to: path, isPrivate: true)
        try FileTree.syncFolder(FileTree.parent(of: path))
        let token = TokenKey(reference)
        let made = try asking(path) { () throws(TokenError) in try token.generate() }
        guard let key = try? LogSigningKey(name: name, key: made) else {
            throw StorageError(.malformedKey, path)
        }
        let text = "\(reference.text)\n\(key.verificationKey.text)\n"
        try FileTree.replace(path, with: Array(text.utf8), mode: 0o600, isDurable: true)
        return key
    }

    /// Makes the key of the next epoch, in the same token.
    func makeNext(name: String, at nextPath: String) throws(StorageError) -> LogSigningKey {
        var reference = token.reference
        reference.object = ""
        return try Self.make(reference, name: name, at: nextPath)
    }

    /// The key, once the token says that it has it; nil if a rotation may have destroyed it, or not
    /// made it yet, and it is not there.
    func signingKey(mayBeGone: Bool) throws(StorageError) -> LogSigningKey? {
        let token = token
        let isThere = try Self.asking(path) { () throws(TokenError) in try token.isThere() }
        guard let verificationKey, isThere else {
            guard mayBeGone else { throw StorageError(.tokenRefused, path) }
            return nil
        }
        let key = try Self.asking(path) { () throws(TokenError) in try token.signingKey() }
        guard let signing = try? LogSigningKey(name: verificationKey.name, key: key),
            signing.verificationKey == verificationKey
        else { throw StorageError(.wrongKey, path) }
        return signing
    }

    /// Destroys the key in the token.
    func destroy() throws(StorageError) {
        let token = token
        try Self.asking(path) { () throws(TokenError) in try token.destroy() }
    }

    private static func asking<Value>(
        _ path: String, _ body: () throws(TokenError) -> Value
    ) throws(StorageError) -> Value {
        do throws(TokenError) {
            return try body()
        } catch {
            switch error {
            case .refused(let status):
                throw StorageError(
                    .tokenRefused, path: path, systemError: Int32(truncatingIfNeeded: status))
            case .exposedPIN(let file): throw StorageError(.exposedKey, path: file)
            default: throw StorageError(.tokenRefused, path: path)
            }
        }
    }
}
