// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics

extension SeatMap {
    /// Parses a map.
    ///
    /// - Parameters:
    ///   - text: The file's text.
    ///   - file: Its name, for the place of a fault.
    /// - Throws: ``ImportMapError``, at the first fault.
    public init(parsing text: String, file: String) throws(ImportMapError) {
        self.init()
        let parser = MapParser(file: file)
        for (key, node) in try parser.fields(of: parser.compose(text)) {
            switch key.name {
            case "separator": separator = try parser.separator(node)
            case "zone":
                guard let zone = Zone(rawValue: try parser.text(node, "zone")) else {
                    throw ImportMapError(.wrongValue, key.place, fact: "zone")
                }
                self.zone = zone
            case "seat": seat = try parser.rule(node, "seat")
            case "day": day = try parser.rule(node, "day")
            case "counts": counts = try parser.sums(node).map { ($0.reference, $0.column) }
            case "drop": (drop, dropPrefixes) = try parser.drop(node)
            default: throw ImportMapError(.unknownKey, key.place, fact: key.name)
            }
        }
        guard seat.from != nil else {
            throw ImportMapError(.missingKey, .file(file), fact: "seat")
        }
        guard counts.isEmpty == (day == nil), [.code, .word].contains(seat.reading) else {
            throw ImportMapError(.wrongValue, .file(file), fact: "seat, day, counts")
        }
        for (type, _) in counts where EventVocabulary.accessType(named: type) == nil {
            throw ImportMapError(.unknownKey, .file(file), fact: type)
        }
    }
}

extension EventVocabulary {
    /// The type of access of a name; nil if there is none.
    static func accessType(named name: String) -> EventType? {
        EventType.allCases.first { $0.isAccess && $0.name == name }
    }
}
