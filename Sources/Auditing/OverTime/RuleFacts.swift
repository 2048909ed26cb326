// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TemporalRules
import TransparencyLog

/// Reads what rules over time ask of one entry.
struct RuleFacts {
    let rules: OverTimeRules
    let registry: Registry
    /// The facts of an access; nil if it is none, or no policy could judge it.
    let flags: AccessFacts.Flags?
    /// The rules by which the policies deny it; absent if none could judge it.
    let broken: Int64

    /// The value of a field, or ``TemporalRules/EventBatch/absent``.
    func value(_ field: RuleField, _ entry: borrowing VerifiedEntry) -> Int64 {
        let absent = EventBatch.absent
        switch field {
        case .lag: return (entry.recordedAt &- entry.occurredAt) / 1_000
        case .ahead: return (entry.occurredAt &- entry.recordedAt) / 1_000
        case .openFor:
            return entry.timestamp(.expiresAt).map { ($0 &- entry.occurredAt) / 1_000 } ?? absent
        case .awareAt: return entry.timestamp(.awareAt).map { $0 / 1_000 } ?? absent
        case .validUntil: return entry.timestamp(.validUntil).map { $0 / 1_000 } ?? absent
        case .skew: return entry.integer(.value).map { abs($0) } ?? absent
        case .count, .attempts, .n, .first, .last:
            return field.entryField.flatMap { entry.integer($0) } ?? absent
        case .broken: return broken
        case .outcome:
            return word(entry.slice(.outcome), "done", "denied", "failed")
        case .effect: return word(entry.slice(.decisionEffect), "allow", "deny", "-")
        case .evidence:
            return word(entry.slice(.evidence), "observed", "imported", "declared")
        case .categories: return categories(entry)
        case .inPortfolio:
            guard let flags, flags.contains(.personNamed) else { return absent }
            return flags.contains(.inPortfolio) ? 1 : 0
        case .licensed where flags != nil:
            return flags?.contains(.licenceActive) == true ? 1 : 0
        case .holder, .establishment, .licensed: return standing(field, entry)
        case .knownControl:
            guard let slice = entry.slice(.control) else { return absent }
            return rules.controls.contains(number(slice)) ? 1 : 0
        case .strictEnough: return isStrictEnough(entry.strings(.thresholds)) ? 1 : 0
        case .period:
            return entry.string(.tableSpec).flatMap { ReleasePeriod($0) }?.number ?? absent
        default:
            guard let slice = field.entryField.flatMap({ entry.slice($0) }) else { return absent }
            return number(slice)
        }
    }

    private func number(_ slice: EntrySlice) -> Int64 {
        unsafe slice.withUnsafeBytes(RuleText.number)
    }

    /// The position of a word among three; absent if it is none of them.
    private func word(
        _ slice: EntrySlice?, _ first: StaticString, _ second: StaticString,
        _ third: StaticString
    ) -> Int64 {
        guard let slice else { return EventBatch.absent }
        if slice == first { return 0 }
        if slice == second { return 1 }
        return slice == third ? 2 : EventBatch.absent
    }

    private func categories(_ entry: borrowing VerifiedEntry) -> Int64 {
        guard let slice = entry.slice(.categories) else { return EventBatch.absent }
        var set: Int64 = 0
        slice.forEachItem { item in
            guard item.byteCount == 2 else { return }
            let code = unsafe item.withUnsafeBytes { unsafe UInt16($0[0]) << 8 | UInt16($0[1]) }
            if let bit = Self.categoryWords.firstIndex(of: code) { set |= 1 << Int64(bit) }
        }
        return set
    }

    /// The codes of the data categories, two bytes each, the first one most significant.
    private static let categoryWords: [UInt16] = RuleField.categoryCodes.map { code in
        precondition(code.utf8.count == 2, "a category has two letters")
        return code.utf8.reduce(0) { $0 << 8 | UInt16($1) }
    }

    /// What the state says of a licence, or of the adviser who acts.
    private func standing(_ field: RuleField, _ entry: borrowing VerifiedEntry) -> Int64 {
        let view = AsOf(Moment(time: entry.occurredAt, index: entry.index))
        if field == .licensed {
            let adviser = registry.id(.actorPID, entry)
            return registry.activeLicence(of: adviser, view) == nil ? 0 : 1
        }
        guard let holder = registry.holder(of: registry.id(.licenceID, entry), view) else {
            return EventBatch.absent
        }
        if field == .holder { return number(holder) }
        return registry.establishment(of: holder, view).map { number($0) } ?? EventBatch.absent
    }

    private func number(_ text: InternedID) -> Int64 {
        let bytes = Array(registry.interner.bytes(text))
        return unsafe bytes.withUnsafeBytes { unsafe RuleText.number($0) }
    }

    /// Whether a summary was computed under thresholds no laxer than those of the policy set.
    private func isStrictEnough(_ texts: [String]) -> Bool {
        var given: [String: Int] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            if parts.count == 2, let number = Int(parts[1]) { given[String(parts[0])] = number }
        }
        return rules.thresholds.allSatisfy { name, wanted in
            guard name.hasSuffix("_min") || name.hasSuffix("_max") else { return true }
            guard let number = given[name] else { return false }
            return name.hasSuffix("_min") ? number >= wanted : number <= wanted
        }
    }
}
