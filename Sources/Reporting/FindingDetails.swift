// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cryptography
import Diagnostics

/// A finding as pairs of a label and a value, in the order in which a person asks.
struct FindingDetails {
    let finding: Finding
    let language: Language

    private func text(_ label: Label) -> String { label.text[language] }

    /// Who, whose data, on what basis, and which policies.
    var facts: [(label: String, value: String)] {
        var facts: [(label: String, value: String)] = []
        func add(_ label: Label, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            facts.append((text(label), VisibleText(value).text))
        }
        add(.actor, shown(finding.actor))
        add(.subject, shown(finding.subject))
        add(.kind, Label(finding.kind).text[language])
        add(.basis, finding.basis)
        add(.policies, finding.policies.joined(separator: ", "))
        add(.recorded, finding.recordedDecision.map { Label($0).text[language] })
        add(.replayed, finding.replayedDecision.map { Label($0).text[language] })
        add(.waived, finding.waiver?.id)
        let named = Set(finding.witnesses.map(\.index))
        let others = finding.evidence.filter { !named.contains($0) }
        add(.evidence, others.map(String.init).joined(separator: ", "))
        add(.witnesses, witnesses.joined(separator: ", "))
        add(
            .searched,
            finding.searched.map {
                let (start, end) = (ShownInstant($0.lowerBound), ShownInstant($0.upperBound))
                return "\(start.paris(in: language)) – \(end.paris(in: language))"
            })
        return facts
    }

    /// The entries that made a rule over time true, each by index and the start of its hash.
    private var witnesses: [String] {
        finding.witnesses.map { "\($0.index) (\($0.leafHash.hex.prefix(16))…)" }
    }

    /// The explanation, and that it was learnt late where it was.
    var explanation: String {
        let words = VisibleText(finding.explanation[language]).text
        return finding.knownAtTheTime ? words : "\(words) (\(text(.learntLate)))"
    }

    /// What was tried to explain the access, one a line.
    var templates: [String] {
        let colon = language == .french ? "\u{202F}:" : ":"
        return finding.templates.map { attempt in
            let answer = text(attempt.holds ? .holds : .fails)
            return "\(attempt.template)\(colon) \(answer) – "
                + VisibleText(attempt.reason[language]).text
        }
    }

    /// What the deciding conditions saw, one a line.
    var values: [String] {
        finding.values.map { value in
            "\(VisibleText(value.source).text) → \(VisibleText(value.value).text)"
        }
    }

    private func shown(_ pseudonym: Finding.Pseudonym) -> String? {
        switch pseudonym {
        case .none: nil
        case .masked: text(.masked)
        case .shown(let pid): pid
        }
    }
}
