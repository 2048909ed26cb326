// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

extension LogWriter {
    /// Ends the epoch of the present key.
    ///
    /// Each step is durable before the next begins, and recovery goes on from wherever a crash left
    /// it: the next key is written; it is announced; the checkpoint that ends the epoch is signed
    /// and kept; the key that signed it is destroyed.
    mutating func rotate(_ file: SigningKeyFile) throws(StorageError) {
        try requireOpen()
        _ = try now()
        let next = try file.makeNext(name: key.verificationKey.name)
        do throws(StorageError) {
            try record(.own(.rotation(to: next.verificationKey)))
            try closeEpoch(file, next)
        } catch {
            fail(error)
            throw error
        }
    }

    /// Ends an epoch whose last entry announces the next key.
    mutating func closeEpoch(
        _ file: SigningKeyFile, _ next: LogSigningKey
    ) throws(StorageError) {
        try sign(isKept: true)
        try file.promoteNext()
        key = next
    }
}
