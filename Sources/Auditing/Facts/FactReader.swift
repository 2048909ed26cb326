// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cedar
import TransparencyLog

/// Reads the facts of entries, from their fields and from the state of the world.
///
/// One belongs to one worker: it numbers the texts that the worker saw.
struct FactReader {
    let registry: Registry
    /// The texts of accesses: roles, purposes, regions, lists of categories.
    private var texts = Interner()
    private let vocabulary = EventVocabulary()
    /// The regions that a trial takes the pilot to run in; nil for those of the log.
    var assumedRegions: [String]?
    private var pilot: StandingPilot
    private var advisers = StandingAdvisers()

    static let dayMilliseconds: Int64 = 86_400_000

    init(registry: Registry) {
        self.registry = registry
        pilot = StandingPilot(registry, AsOf(Moment(time: 0, index: 0)))
    }

    /// The type of an entry's event; nil if the vocabulary has none of that name.
    func type(of entry: borrowing VerifiedEntry) -> EventType? {
        vocabulary.type(of: entry)
    }

    /// The number of an entry's text in the state; nil if the state does not mention it.
    func id(_ field: EntryField, _ entry: borrowing VerifiedEntry) -> InternedID? {
        registry.id(field, entry)
    }

    /// The number of a text among those of accesses, from 1; 0 if the field is absent.
    mutating func number(_ field: EntryField, _ entry: borrowing VerifiedEntry) -> Int32 {
        guard let slice = entry.slice(field) else { return 0 }
        return unsafe slice.withUnsafeBytes {
            texts.intern(unsafe RawSpan(_unsafeBytes: $0)).rawValue + 1
        }
    }

    /// The facts of an access, judged under a policy set, as seen from a point of view.
    mutating func facts(
        of entry: borrowing VerifiedEntry, type: EventType, under folder: PolicySetFolder?,
        _ view: AsOf
    ) -> AccessFacts {
        var facts = AccessFacts(type: type)
        facts.role = number(.actorRole, entry)
        facts.purpose = number(.purpose, entry)
        facts.region = number(.actorRegion, entry)
        facts.categories = number(.categories, entry)
        facts.effect = code(.decisionEffect, entry, "allow", "deny")
        facts.outcome = code(.outcome, entry, "done", "denied")
        facts.set(.caseNamed, entry.contains(.caseRef))
        facts.set(.directIdentifier, DirectIdentifierScan.finds(in: entry))
        if let state = pilotState(view) {
            facts.pilotChange = state.change.moment.index
            facts.set(.pilotRunning, state.isRunning(at: view.time))
        }
        let parties = Parties(
            actor: id(.actorPID, entry), person: id(.subjectPID, entry),
            offer: id(.offerRef, entry))
        let hasLinks = addActor(to: &facts, entry, parties, view)
        if type.isPromotion {
            facts.set(.offerOpen, registry.openOffer(parties.offer, view) != nil)
        }
        if type.isJobSeekerAccess, entry.contains(.subjectPID) {
            addPerson(to: &facts, entry, parties, Delays(folder), hasLinks, view)
        }
        return facts
    }

    private mutating func pilotState(_ view: AsOf) -> PilotState? {
        // What is asked as known from a part of the log only is asked once.
        guard view.knownBefore == .max else { return registry.pilotState(view) }
        if !pilot.period.holds(view) { pilot = StandingPilot(registry, view) }
        return pilot.state
    }

    /// Whom and what an access is about, by number in the state.
    private struct Parties {
        var actor: InternedID?
        var person: InternedID?
        var offer: InternedID?
    }

    /// 1 or 2 for the two texts that most accesses have, or another number for any other.
    private mutating func code(
        _ field: EntryField, _ entry: borrowing VerifiedEntry, _ first: StaticString,
        _ second: StaticString
    ) -> Int32 {
        guard let slice = entry.slice(field) else { return 0 }
        if slice == first { return 1 }
        if slice == second { return 2 }
        return number(field, entry) + 2
    }

    /// - Returns: Whether the adviser ever declared a person as close.
    private mutating func addActor(
        to facts: inout AccessFacts, _ entry: borrowing VerifiedEntry, _ parties: Parties,
        _ view: AsOf
    ) -> Bool {
        guard let adviser = parties.actor else { return false }
        let namesLicence = entry.contains(.licenceID)
        let standing = advisers.standing(
            of: adviser, licence: namesLicence ? id(.licenceID, entry) : nil, registry, view)
        facts.flags.formUnion(standing.flags)
        if !namesLicence {
            facts.set(.licenceActive, registry.activeLicence(of: adviser, view) != nil)
        }
        return standing.hasLinks
    }

    private func addPerson(
        to facts: inout AccessFacts, _ entry: borrowing VerifiedEntry, _ parties: Parties,
        _ delays: Delays, _ hasLinks: Bool, _ view: AsOf
    ) {
        let (person, offer) = (parties.person, parties.offer)
        facts.set(.personNamed, true)
        facts.set(.restricted, registry.restrictionOrErasure(of: person, view) != nil)
        if hasLinks {
            facts.set(
                .declaredLink,
                registry.declaredLink(of: parties.actor, to: person, view) != nil)
        }
        if facts.type.isPromotion {
            facts.set(.personInformed, registry.notice(of: person, view) != nil)
            facts.set(.objection, registry.objection(of: person, view) != nil)
            let occupation = registry.occupation(ofOffer: offer, view)
            registry.eachAgreement(of: person, monthsMax: delays.agreementMonths, view) {
                let scope = registry.list(of: $0)
                facts.set(.agreementInForce, registry.covers(scope, occupation: occupation))
                facts.set(.contactAgreement, registry.coversContact(scope))
            }
        }
        let access = ExplainedAccess(
            registry: registry, actor: parties.actor, person: person, offer: offer,
            reference: id(.reference, entry),
            namesCase: entry.contains(.caseRef), delays: delays, view: view)
        let inPortfolio = access.inPortfolio
        facts.set(.inPortfolio, inPortfolio)
        facts.set(.explained, inPortfolio || access.isExplainedOtherwise)
    }

    /// The facts as the context of a request.
    func context(of facts: AccessFacts, _ entry: borrowing VerifiedEntry, _ view: AsOf) -> Record {
        func text(_ field: EntryField) -> Value { .string(entry.string(field) ?? "") }
        let regions =
            assumedRegions
            ?? (registry.pilotState(view)?.regions ?? []).map { registry.interner.string($0) }
        var fields: [(String, Value)] = AccessFacts.Flags.names.map {
            ($0.1, .bool(facts.flags.contains($0.0)))
        }
        fields.append(("role", text(.actorRole)))
        fields.append(("purpose", text(.purpose)))
        fields.append(("region", text(.actorRegion)))
        fields.append(("recordedEffect", text(.decisionEffect)))
        fields.append(("outcome", text(.outcome)))
        fields.append(
            ("categories", .set(ValueSet(entry.strings(.categories).map { .string($0) }))))
        fields.append(
            ("pilotRegions", .set(ValueSet(regions.map { .string($0) }))))
        return Record(fields)
    }
}

/// The delays of a policy set that the facts depend on.
struct Delays {
    var agreementMonths = 6
    var appointmentDays = 7
    var handoverDays = 14
    var resolveHours = 72

    init(_ folder: PolicySetFolder?) {
        guard let folder else { return }
        agreementMonths = folder.delays.agreementMonths
        appointmentDays = folder.delays.appointmentDays
        handoverDays = folder.delays.handoverDays
        resolveHours = folder.delays.resolveHours
    }

    init(parameters: [String: PolicySetFolder.Parameter]) {
        func number(_ name: EngineParameter, _ value: Int) -> Int {
            parameters[name.rawValue]?.number ?? value
        }
        agreementMonths = number(.agreementMonths, agreementMonths)
        appointmentDays = number(.appointmentDays, appointmentDays)
        handoverDays = number(.handoverDays, handoverDays)
        resolveHours = number(.resolveHours, resolveHours)
    }
}

extension Registry {
    /// Whether the scope of an agreement covers an occupation; every scope covers an unknown one,
    /// since rule R06 speaks of offers that were never opened.
    func covers(_ scope: ArraySlice<InternedID>, occupation: InternedID?) -> Bool {
        guard let occupation else { return true }
        let code = interner.bytes(occupation)
        return scope.contains { item in
            let covered = interner.bytes(item)
            return covered.elementsEqual("*".utf8)
                || (!covered.elementsEqual("CT".utf8) && code.starts(with: covered))
        }
    }

    /// Whether the scope of an agreement covers contact details.
    func coversContact(_ scope: ArraySlice<InternedID>) -> Bool {
        scope.contains { interner.bytes($0).elementsEqual("CT".utf8) }
    }
}

/// Looks for direct identifiers in what a caller gave (rule R10).
enum DirectIdentifierScan {
    /// The fields that hold text: not those that the log gives, nor keys, which are long numbers.
    static let fields = EntryFieldSet(
        EntryField.allCases.filter {
            ($0.kind == .string || $0.kind == .strings) && $0 != .key && $0 != .recoveryKey
                && $0 != .type
        })

    static func finds(in entry: borrowing VerifiedEntry) -> Bool { first(in: entry) != nil }

    static func first(in entry: borrowing VerifiedEntry) -> (EntryField, DirectIdentifier)? {
        for field in entry.view.fields.intersection(fields) {
            guard let slice = entry.slice(field), slice.byteCount >= 5 else { continue }
            let found = unsafe slice.withUnsafeBytes {
                DirectIdentifier.find(in: unsafe RawSpan(_unsafeBytes: $0))
            }
            if let found { return (field, found) }
        }
        return nil
    }
}

extension Registry {
    /// The number of an entry's text in the state; nil if the state does not mention it.
    func id(_ field: EntryField, _ entry: borrowing VerifiedEntry) -> InternedID? {
        guard let slice = entry.slice(field) else { return nil }
        return unsafe slice.withUnsafeBytes { find(unsafe RawSpan(_unsafeBytes: $0)) }
    }
}
