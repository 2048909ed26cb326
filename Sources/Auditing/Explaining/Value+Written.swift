// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics

extension Value {
    /// The value as people read it: Cedar's syntax, where it has one.
    var written: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .string(let text): "\"\(text)\""
        case .entity(let uid): uid.description
        case .set(let set): "[" + set.elements.map(\.written).joined(separator: ", ") + "]"
        case .record(let record):
            "{"
                + zip(record.keys, record.values).map { "\($0): \($1.written)" }
                .joined(separator: ", ") + "}"
        case .decimal(let value): "decimal(\(value) / 10000)"
        case .ipaddr: "ip(…)"
        case .datetime(let time): time.writtenDate.english
        case .duration(let milliseconds): "\(milliseconds) ms"
        }
    }
}
