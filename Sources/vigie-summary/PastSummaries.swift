// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The requests and the releases that this program recorded, in the order of the log.
///
/// The log lets no source speak for the program. What another source calls a release has no figures
/// that could be read again: rules R39 and R40 judge it, and it can neither bind nor block a summary.
struct PastSummaries: Sendable {
    private var found: [(index: UInt64, request: RequestRecord?, release: String?)] = []

    /// Takes one entry into account; of two workers each sees a part of the log.
    mutating func add(_ entry: borrowing EntryView) {
        let type = entry.type
        // The three types are as long.
        guard type.byteCount == 15,
            type == "summary.request" || type == "summary.release" || type == "summary.correct",
            entry.slice(.source).map({ $0 == "vigie" }) ?? false
        else { return }
        let request = type == "summary.request" ? RequestRecord(entry) : nil
        found.append(
            (entry.index, request, request == nil ? entry.string(.releaseHash) : nil))
    }

    /// Brings together what several workers found.
    init(_ parts: [PastSummaries] = []) {
        found = parts.flatMap(\.found).sorted { $0.index < $1.index }
    }

    /// The requests.
    var requests: [RequestRecord] { found.compactMap(\.request) }

    /// The hashes of the releases and corrections.
    var releases: [String] { found.compactMap(\.release) }
}
