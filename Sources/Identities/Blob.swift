// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// Bytes as a value of the database.
struct Blob: DatabaseValueConvertible {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var databaseValue: DatabaseValue { Data(bytes).databaseValue }

    /// Text is no blob: a file in which one stands for the other was altered.
    static func fromDatabaseValue(_ value: DatabaseValue) -> Blob? {
        guard case .blob(let data) = value.storage else { return nil }
        return Blob([UInt8](data))
    }
}
