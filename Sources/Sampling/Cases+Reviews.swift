// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
import Reviewing
import TransparencyLog

/// What became of the violations: most cases are taken up, some are explained, the others assigned,
/// heard and decided, and closed after days or months.
///
/// None of these entries breaks a rule. They are drawn apart, so that the rest of the log is the same
/// with them as without.
extension CaseBook {
    /// Records the life of the cases that an audit makes of what was planted.
    mutating func reviewCases(in origin: String) {
        var draws = SampleRandom(seed: random.peek() &+ 1)
        var found: [Case.Key: (rule: String, last: Int64)] = [:]
        for event in events where event.mark >= 0 {
            let planted = cases[Int(event.mark)]
            // Before the pilot nobody may be named.
            guard planted.kind == .violation, let actor = event.actorPID, isAccess(event),
                event.occurredAt >= SampleTime.paris(pilotStart, 0)
            else { continue }
            for rule in planted.rules {
                let key = Case.Key(
                    actor: actor, at: event.occurredAt, RuleFamily(ofRule: rule))
                let known = found[key]
                found[key] = (
                    known?.rule ?? rule, max(known?.last ?? .min, event.occurredAt)
                )
            }
        }
        let inOrder = found.map { (id: $0.identifier(in: origin), key: $0, matter: $1) }
            .sorted { ($0.matter.last, $0.id) < ($1.matter.last, $1.id) }
        for item in inOrder {
            guard let actor = item.key.actor else { continue }
            review(item.id, item.matter.rule, of: actor, after: item.matter.last, &draws)
        }
    }

    private func isAccess(_ event: SampleEvent) -> Bool {
        EventType.allCases.contains { $0.isAccess && $0.name == event.type }
    }

    private mutating func review(
        _ id: String, _ rule: String, of actor: String, after last: Int64,
        _ draws: inout SampleRandom
    ) {
        let lot = draws.below(100)
        let duration = Self.duration(&draws)
        // Some are left as they are: not every finding is taken up.
        guard lot >= 10 else { return }
        let first = Int(last.flooredQuotient(SampleTime.day)) + draws.between(1, 3)
        let reference: [SampleEvent.Member] = [
            (.reference, .text(id)), (.caseRef, .text(id)),
        ]
        /// A step after a part of the duration, in hundredths; later ones come later the same day.
        func step(
            _ book: inout CaseBook, _ step: CaseStep, _ part: Int, _ more: [SampleEvent.Member]
        ) {
            let day = SampleTime.workingDay(from: first + duration * part / 100)
            let instant = SampleTime.paris(day, 10) + Int64(part) * 3 * SampleTime.minute
            book.add(step.rawValue, .governance, instant, reference + more)
        }
        step(&self, .raise, 0, [(.rule, .text(rule))])
        guard lot >= 30 else {
            step(&self, .explain, 50, [(.reasonCode, .text("RDV-SAISI-APRES"))])
            step(&self, .close, 100, [])
            return
        }
        let isDeputy = draws.happens(500)
        let reviewer = isDeputy ? officers.deputy : officers.auditor
        let person = SampleAdviser.object(pid: reviewer, role: isDeputy ? "DPO_ADJ" : "AUDIT")
        let named = SampleEvent.Member(.reviewer, .text(reviewer))
        step(&self, .assign, 10, [named, (.actor, .object(person))])
        step(&self, .hear, 40, [(.actor, .object(SampleAdviser.object(pid: actor)))])
        if lot < 55 {
            step(&self, .dismiss, 60, [named, (.outcomeCode, .text("JUSTIFIE"))])
        } else {
            step(&self, .confirm, 60, [named, (.outcomeCode, .text("ECART"))])
            step(&self, .correct, 80, [(.measure, .text("RAPPEL-DES-REGLES"))])
        }
        step(&self, .close, 100, [])
    }

    /// From the review to its end, in days: half take two to four weeks.
    private static func duration(_ draws: inout SampleRandom) -> Int {
        switch draws.below(100) {
        case 0..<25: draws.between(2, 5)
        case 25..<75: draws.between(9, 26)
        case 75..<95: draws.between(32, 80)
        default: draws.between(92, 120)
        }
    }
}
