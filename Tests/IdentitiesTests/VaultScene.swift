// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import GRDB
import Identities
import Testing

/// A vault in a folder of its own, with both custodians' keys at hand.
final class VaultScene {
    let folder: URL
    let masterSecret: SecretBytes
    let officerKey: AgreementKey
    let officer: Custodian
    let delegate: Custodian
    let vault: IdentityVault

    var path: String { folder.appending(path: "vault.db").path }
    var master: MasterKey { get throws { try #require(MasterKey(masterSecret)) } }

    static let identity = (identifier: "2840675123456", name: "Aïcha Lefèvre-Nguyễn")

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "vigie-vault-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        masterSecret = try MasterKey.random()
        officerKey = try AgreementKey(.random(count: 32))
        officer = Custodian(.officer, key: officerKey)
        let delegateKey = try AgreementKey(.random(count: 32))
        delegate = Custodian(.delegate, key: delegateKey)
        vault = try IdentityVault(
            creating: folder.appending(path: "vault.db").path,
            master: try #require(MasterKey(masterSecret)),
            custodians: CustodianKeys(
                officer: officerKey.publicKey, delegate: delegateKey.publicKey))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Enrols the person of the scene.
    func enrol() throws -> Pseudonym {
        try vault.pseudonym(of: Self.person(), .jobSeeker, period: "2026")
    }

    static func person(
        _ identifier: String = identity.identifier, _ name: String = identity.name
    ) throws -> PersonIdentity {
        try PersonIdentity(identifier: identifier, name: name)
    }

    /// Edits the vault's file as somebody with a database tool would.
    func edit(_ statement: String, _ arguments: StatementArguments = []) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: statement, arguments: arguments) }
        try queue.close()
    }

    /// One column of one row, as it lies in the file.
    func column(_ name: String, of table: String) throws -> [UInt8] {
        let queue = try DatabaseQueue(path: path)
        let value = try queue.read {
            try Data.fetchOne($0, sql: "SELECT \(name) FROM \(table)")
        }
        try queue.close()
        return [UInt8](try #require(value))
    }

    /// Every byte of every file of the vault's folder.
    func allBytes() throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).map {
            [UInt8](try Data(contentsOf: folder.appending(path: $0)))
        }
    }

    /// Whether any file of the folder holds those bytes.
    func holds(_ needle: [UInt8]) throws -> Bool {
        try allBytes().contains { Data($0).range(of: Data(needle)) != nil }
    }
}

extension [UInt8] {
    /// The bytes as a value of the database.
    var blob: Data { Data(self) }
}
