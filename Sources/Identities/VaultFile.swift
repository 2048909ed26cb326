// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc

/// The vault's SQLite database: its tables, its settings, and its errors as ours.
struct VaultFile: Sendable {
    static let applicationID = 0x56_49_47_45  // "VIGE"
    static let version = 1
    let queue: DatabaseQueue

    /// Makes the file.
    init(creating path: String) throws(VaultError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw VaultError(errno == EEXIST ? .exists : .storage, path)
        }
        close(descriptor)
        try self.init(path, fileExists: false)
        try write { database in
            try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
            try database.execute(sql: "PRAGMA user_version = \(Self.version)")
            try database.execute(sql: Self.tables)
        }
    }

    /// Opens the file, once it is known to be a vault.
    init(opening path: String) throws(VaultError) {
        guard unsafe access(path, F_OK) == 0 else { throw VaultError(.notFound, path) }
        guard Self.isDatabase(path) else { throw VaultError(.notAVault, path) }
        try self.init(path, fileExists: true)
        let found: (Int?, Int?)
        do {
            found = try queue.read { database in
                (
                    try Int.fetchOne(database, sql: "PRAGMA application_id"),
                    try Int.fetchOne(database, sql: "PRAGMA user_version")
                )
            }
        } catch {
            throw VaultError(.notAVault, path)
        }
        guard found == (Self.applicationID, Self.version) else {
            throw VaultError(.notAVault, path)
        }
    }

    /// Whether the file begins as SQLite's do: what does not is not opened, so never changed.
    private static func isDatabase(_ path: String) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var magic = [UInt8](repeating: 0, count: 16)
        let count = unsafe Glibc.read(descriptor, &magic, magic.count)
        return count == 16 && magic == Array("SQLite format 3\u{0}".utf8)
    }

    private init(_ path: String, fileExists: Bool) throws(VaultError) {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            // What is deleted is overwritten with zeros, in the free pages too.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { database in
                _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            }
        } catch let error as DatabaseError
            where fileExists && error.resultCode == .SQLITE_NOTADB
        {
            throw VaultError(.notAVault, path)
        } catch {
            throw Self.failure(error)
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(VaultError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw Self.failure(error)
        }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(VaultError) -> Value {
        do {
            return try queue.write(body)
        } catch {
            throw Self.failure(error)
        }
    }

    /// Leaves nothing of what was deleted: every page is written anew, and the log emptied.
    func forget() throws(VaultError) {
        do {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "VACUUM")
                _ = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// Our errors pass; SQLite's are named by their code, without the statement, which may quote data.
    static func failure(_ error: any Error) -> VaultError {
        switch error {
        case let error as VaultError: error
        case let error as DatabaseError: VaultError(.storage, "\(error.extendedResultCode)")
        default: VaultError(.storage, "\(type(of: error))")
        }
    }

    private static let tables = """
        CREATE TABLE vault (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE person (
            pid TEXT PRIMARY KEY, place BLOB NOT NULL UNIQUE, record_key BLOB NOT NULL,
            wrapped_key BLOB NOT NULL, record BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE resolution (
            reference TEXT PRIMARY KEY, pid TEXT NOT NULL, requester TEXT NOT NULL,
            answer_key BLOB, share BLOB) STRICT, WITHOUT ROWID;
        """
}
