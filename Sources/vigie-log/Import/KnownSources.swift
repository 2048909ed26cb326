// SPDX-License-Identifier: Apache-2.0

import Conduct
import Importing
import LogStorage
import TransparencyLog

/// What a log holds already of the sources of an import, read while the log is verified.
struct KnownSources {
    /// What one source has said.
    private struct Source {
        /// What the entries say that the import names, by their identifiers.
        var contents: [String: [UInt8]] = [:]
        var last: UInt64 = 0
    }

    private var sources: [String: Source] = [:]

    /// Reads a log.
    ///
    /// - Throws: The first violation, if the log is not intact: nothing is imported into such a log.
    init(
        _ reader: LogReader, _ key: LogVerificationKey, _ events: [ImportedEvent]
    ) throws {
        let wanted = Dictionary(grouping: events, by: \.source)
            .mapValues { Set($0.map(\.id)) }
        let found = LogVerifier(keys: [key]).verify(
            reader, workers: LogOptions.processorCount,
            initial: { [String: Source]() },
            fold: { state, entry in
                guard let name = entry.string(.source), let ids = wanted[name] else { return }
                state[name, default: Source()].last = max(
                    state[name]?.last ?? 0, entry.sourceSeq)
                guard let id = entry.string(.id), ids.contains(id) else { return }
                state[name]?.contents[id] = Self.content(entry)
            })
        if let violation = found.verification.report.violations.first {
            throw DamagedLog(diagnostic: violation.diagnostic)
        }
        for state in found.states {
            for (name, source) in state {
                var joined = sources[name] ?? Source()
                joined.contents.merge(source.contents) { first, _ in first }
                joined.last = max(joined.last, source.last)
                sources[name] = joined
            }
        }
    }

    /// The events whose identifier the log holds with another content: it does not hold them.
    func conflicts(_ events: [ImportedEvent]) throws(EntryError) -> [ImportedEvent] {
        var found: [ImportedEvent] = []
        for event in events {
            guard let content = sources[event.source]?.contents[event.id] else { continue }
            let bytes = event.rendered(sequence: 1)
            let scanned = try EntryScanner(mode: .submission).scan(bytes)
            var own: [UInt8] = []
            for field in Self.fields {
                guard let range = scanned.range(of: field) else { continue }
                Self.add(field, Array(bytes[range]), to: &own)
            }
            if own != content { found.append(event) }
        }
        return found
    }

    /// What an entry says, without what the log and its source's counter add.
    private static func content(_ entry: borrowing EntryView) -> [UInt8] {
        var content: [UInt8] = []
        for field in fields {
            guard let slice = entry.slice(field) else { continue }
            add(field, slice.bytes, to: &content)
        }
        return content
    }

    private static let fields = EntryField.allCases.filter { field in
        field.kind != .object && ![.seq, .prev, .recordedAt, .sourceSeq].contains(field)
    }

    private static func add(_ field: EntryField, _ value: [UInt8], to content: inout [UInt8]) {
        // No value holds a line feed: texts have it escaped.
        content += Array(field.name.utf8) + [UInt8(ascii: ":")] + value + [0x0A]
    }

    /// The events with the numbers of their sources' counters; what is known already keeps none.
    func numbered(_ events: [ImportedEvent]) -> [(ImportedEvent, [UInt8])] {
        var next = sources.mapValues(\.last)
        var numbered: [(ImportedEvent, [UInt8])] = []
        for event in events
        where sources[event.source]?.contents[event.id] == nil {
            next[event.source, default: 0] += 1
            numbered.append((event, event.rendered(sequence: next[event.source] ?? 1)))
        }
        return numbered
    }
}
