// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import TransparencyLog

/// The files that say whose cosignatures a reader asks for.
public enum PolicyFile {
    /// Reads such a file.
    ///
    /// - Throws: An error that names the file and the line.
    public static func read(_ path: String) throws -> WitnessPolicy {
        let bytes = try TextFile.read(path, byteCountMax: 1 << 20)
        do throws(WitnessPolicyError) {
            return try WitnessPolicy(parsing: bytes)
        } catch {
            throw PlacedError(error, .text(file: path, line: error.line, column: 1))
        }
    }
}
