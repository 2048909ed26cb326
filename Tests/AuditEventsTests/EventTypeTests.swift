// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Foundation
import Testing
import TransparencyLog

/// A row of the table of `docs/events.md`.
private struct DocumentedType: Hashable {
    var name: String
    var isAccess: Bool
    var fields: [String]

    init?(row: Substring) {
        let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count == 3, cells[0].hasPrefix("`") else { return nil }
        name = String(cells[0].dropFirst().prefix { $0 != "`" })
        isAccess = cells[0].hasSuffix("*")
        fields = cells[1] == "–" ? [] : cells[1].split(separator: " ").map(String.init)
    }

    init(_ type: EventType) {
        name = type.name
        isAccess = type.isAccess
        fields = type.specification.requiredFields.map(\.name)
    }
}

@Suite struct EventTypeTests {
    @Test func documentAndCodeSayTheSame() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appendingPathComponent("docs/events.md"), encoding: .utf8)
        let documented = page.split(separator: "\n").compactMap(DocumentedType.init(row:))
        #expect(documented == EventType.allCases.map(DocumentedType.init))
        #expect(documented.count == 128)
    }
}
