// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Diagnostics
import Snapshots
import TransparencyLog

extension Finding {
    /// Writes everything but the waiver, which is found anew at the end of each audit.
    func encode(to writer: inout SnapshotWriter) {
        writer.write(rule)
        entry.encode(to: &writer)
        writer.write(severity.rawValue)
        writer.write(kind.rawValue)
        writer.write(title)
        writer.write(basis)
        writer.write(provenance.rawValue)
        writer.write(eventType)
        writer.write(occurredAt)
        writer.write(region) { $0.write($1) }
        for person in [actor, subject] {
            var pid: String?
            if case .shown(let text) = person { pid = text }
            writer.write(pid) { $0.write($1) }
        }
        writer.write(each: policies) { $0.write($1) }
        writer.write(policyVersion) { $0.write($1) }
        writer.write(each: values) { writer, value in
            writer.write(value.source)
            writer.write(value.value)
        }
        writer.write(recordedDecision?.rawValue) { $0.write($1) }
        writer.write(replayedDecision?.rawValue) { $0.write($1) }
        writer.write(explanation)
        writer.write(each: templates) { writer, attempt in
            writer.write(attempt.template)
            writer.write(attempt.holds)
            writer.write(attempt.reason)
            writer.write(attempt.evidence) { $0.write($1) }
        }
        writer.write(each: evidence) { $0.write($1) }
        writer.write(each: witnesses) { $1.encode(to: &$0) }
        writer.write(searched) { writer, window in
            writer.write(window.lowerBound)
            writer.write(window.upperBound)
        }
        writer.write(knownAtTheTime)
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        func text(_ reader: inout SnapshotReader) throws(MalformedSnapshot) -> String {
            try reader.text()
        }
        let rule = try reader.text()
        let entry = try EntryReference(from: &reader)
        let severity: Severity = try reader.choice()
        let kind: Kind = try reader.choice()
        let title = try reader.localizedText()
        let basis = try reader.text()
        let provenance: Provenance = try reader.choice()
        self.init(
            rule: rule, severity: severity, kind: kind, entry: entry,
            eventType: try reader.text())
        (self.title, self.basis, self.provenance) = (title, basis, provenance)
        occurredAt = try reader.integer()
        region = try reader.optional(text)
        actor = try reader.optional(text).map { .shown($0) } ?? .none
        subject = try reader.optional(text).map { .shown($0) } ?? .none
        policies = try reader.list(text)
        policyVersion = try reader.optional { reader throws(MalformedSnapshot) in
            try reader.digest()
        }
        values = try reader.list { reader throws(MalformedSnapshot) in
            let source = try reader.text()
            return DecidingValue(source: source, value: try reader.text())
        }
        recordedDecision = try reader.optional { reader throws(MalformedSnapshot) in
            try reader.choice()
        }
        replayedDecision = try reader.optional { reader throws(MalformedSnapshot) in
            try reader.choice()
        }
        explanation = try reader.localizedText()
        templates = try reader.list { reader throws(MalformedSnapshot) in
            let template = try reader.text()
            let holds = try reader.flag()
            let reason = try reader.localizedText()
            let evidence = try reader.optional { reader throws(MalformedSnapshot) in
                try reader.number()
            }
            return TemplateAttempt(template, holds: holds, reason: reason, evidence: evidence)
        }
        evidence = try reader.list { reader throws(MalformedSnapshot) in try reader.number() }
        witnesses = try reader.list { reader throws(MalformedSnapshot) in
            try EntryReference(from: &reader)
        }
        searched = try reader.optional { reader throws(MalformedSnapshot) in
            let (start, end) = (try reader.integer(), try reader.integer())
            guard start <= end else { throw MalformedSnapshot() }
            return start...end
        }
        knownAtTheTime = try reader.flag()
    }
}

extension Finding.EntryReference {
    func encode(to writer: inout SnapshotWriter) {
        writer.write(index)
        writer.write(byteOffset)
        writer.write(leafHash)
    }

    init(from reader: inout SnapshotReader) throws(MalformedSnapshot) {
        let (index, byteOffset) = (try reader.number(), try reader.number())
        self.init(index: index, byteOffset: byteOffset, leafHash: try reader.digest())
    }
}

extension SnapshotWriter {
    mutating func write(_ text: LocalizedText) {
        write(text.french)
        write(text.english)
    }
}

extension SnapshotReader {
    mutating func localizedText() throws(MalformedSnapshot) -> LocalizedText {
        let french = try text()
        return LocalizedText(fr: french, en: try text())
    }

    mutating func choice<Choice: RawRepresentable<String>>()
        throws(MalformedSnapshot) -> Choice
    {
        guard let choice = Choice(rawValue: try text()) else { throw MalformedSnapshot() }
        return choice
    }
}
