// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A token gives its answers one at a time, to whatever key of it they are asked.
private let turn = Mutex<Void>(())

extension TokenReference {
    /// Asks the token something, in a session of its own.
    func withSession<Value: Sendable>(
        isWriting: Bool = false, _ body: (borrowing TokenSession) throws(TokenError) -> Value
    ) throws(TokenError) -> Value {
        let result: Result<Value, TokenError> = turn.withLock { _ in
            do throws(TokenError) {
                let pin = try Self.firstLine(of: pinSource)
                return .success(
                    try body(TokenSession.open(self, pin: pin, isWriting: isWriting)))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func firstLine(of path: String) throws(TokenError) -> [UInt8] {
        // A pipe that nobody writes to would never open.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .noPIN }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .noPIN
        }
        guard status.st_mode & 0o077 == 0 else { throw .exposedPIN(path) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(file, &bytes, bytes.count)
        guard count > 0 else { throw .noPIN }
        return Array(bytes.prefix(count).prefix { $0 != 0x0A })
    }
}
