// SPDX-License-Identifier: Apache-2.0

import Conduct
import LogStorage
import Reporting
import TransparencyLog

/// Appends what a verb decided, unless it is only to be tried, and says so in JSON where asked.
struct EntryRecorder {
    let writer: WriterOptions
    let isDryRun: Bool
    let console: Console

    init(_ writer: WriterOptions, isDryRun: Bool, _ console: Console) {
        (self.writer, self.isDryRun, self.console) = (writer, isDryRun, console)
    }

    /// Appends entries under one signature.
    ///
    /// - Returns: The index of the first; nil if nothing was to be recorded.
    func append(_ drafts: [EventDraft]) throws -> UInt64? {
        guard !isDryRun, !drafts.isEmpty else { return nil }
        let appender = try writer.open(on: console)
        var first: UInt64?
        for draft in drafts {
            let index = try appender.record(draft).first?.index
            first = first ?? index
        }
        try appender.sign()
        return first
    }

    /// Writes the document of the verb.
    func publish(_ members: [(String, JSONNode)]) throws {
        guard console.format == .json else { return }
        try console.write(document: [("dry_run", .boolean(isDryRun))] + members)
    }

    /// An index, or that there is none.
    static func node(_ index: UInt64?) -> JSONNode {
        index.map { .integer(Int64(clamping: $0)) } ?? .null
    }

    /// An index in a sentence.
    static func text(_ index: UInt64?) -> String { index.map { String($0) } ?? "–" }
}
