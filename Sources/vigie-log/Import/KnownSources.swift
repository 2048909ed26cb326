// SPDX-License-Identifier: Apache-2.0

import Conduct
import Importing
import LogStorage
import TransparencyLog

/// What a log holds already of the sources of an import, read while the log is verified.
struct KnownSources {
    /// What one source has said.
    private struct Source {
        var identifiers: Set<String> = []
        var last: UInt64 = 0
    }

    private var sources: [String: Source] = [:]

    /// Reads a log.
    ///
    /// - Throws: The first violation, if the log is not intact: nothing is imported into such a log.
    init(
        _ reader: LogReader, _ key: LogVerificationKey, _ events: [ImportedEvent]
    ) throws {
        let names = Set(events.map(\.source))
        let found = LogVerifier(keys: [key]).verify(
            reader, workers: LogOptions.processorCount,
            initial: { [String: Source]() },
            fold: { state, entry in
                guard let name = entry.string(.source), names.contains(name) else { return }
                state[name, default: Source()].last = max(
                    state[name]?.last ?? 0, entry.sourceSeq)
                if let id = entry.string(.id) { state[name]?.identifiers.insert(id) }
            })
        if let violation = found.verification.report.violations.first {
            throw DamagedLog(diagnostic: violation.diagnostic)
        }
        for state in found.states {
            for (name, source) in state {
                var joined = sources[name] ?? Source()
                joined.identifiers.formUnion(source.identifiers)
                joined.last = max(joined.last, source.last)
                sources[name] = joined
            }
        }
    }

    /// The events with the numbers of their sources' counters; what is known already keeps none.
    func numbered(_ events: [ImportedEvent]) -> [(ImportedEvent, [UInt8])] {
        var next = sources.mapValues(\.last)
        var numbered: [(ImportedEvent, [UInt8])] = []
        for event in events
        where sources[event.source]?.identifiers.contains(event.id) != true {
            next[event.source, default: 0] += 1
            numbered.append((event, event.rendered(sequence: next[event.source] ?? 1)))
        }
        return numbered
    }
}
