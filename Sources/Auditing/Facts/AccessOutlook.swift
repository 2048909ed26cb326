// SPDX-License-Identifier: Apache-2.0

public import AuditEvents
public import Cedar
import TransparencyLog

/// What policies would see of accesses that could be made at a moment: who is there, and how things
/// stand, as the entries of a log tell it.
///
/// What an access itself would say (its purpose, its categories, an offer, a case) is not known. An
/// access is taken to be recorded as it should be: under the version in force, without a direct
/// identifier, allowed and done, with a licence of the actor where one is active.
public struct AccessOutlook: Sendable {
    /// An actor, with what the last entry before the moment says of them.
    public struct Actor: Sendable {
        /// The pseudonym.
        public let pid: String
        /// The role; nil if no entry says it.
        public var role: String?
        /// The region; nil if no entry says it.
        public var region: String?
    }

    /// Everybody whom an entry before the moment names as actor, by pseudonym.
    public let actors: [Actor]
    /// Every person whose state an entry before the moment tells, by pseudonym.
    public let persons: [String]
    /// Whether actors may be named (rule R21).
    public let namesActors: Bool
    private let registry: Registry
    private let view: AsOf
    private let delays: Delays

    /// Reads a log up to a moment.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - view: The moment.
    ///   - folder: The policy set, whose delays count.
    /// - Throws: ``ReplayError`` if the log changed after it was verified.
    public init(_ log: LogUnderAudit, _ view: AsOf, under folder: PolicySetFolder) throws {
        registry = log.registry
        self.view = view
        delays = folder.delays
        namesActors = registry.allowsNominativeControl(view)
        persons = registry.persons(before: view).map { log.registry.interner.string($0) }
            .sorted { $0.precedesByBytes($1) }
        var latest: [Text: (moment: Moment, actor: Actor)] = [:]
        for adviser in registry.advisers(before: view) {
            let pid = registry.interner.string(adviser)
            latest[Text(pid)] = (Moment(time: .min, index: 0), Actor(pid: pid))
        }
        try log.entries.replay { entry in
            let moment = Moment(time: entry.occurredAt, index: entry.index)
            guard moment < view.moment || moment == view.moment, entry.index < view.knownBefore,
                let pid = entry.string(.actorPID)
            else { return }
            let known = latest[Text(pid)]
            if let known, moment < known.moment { return }
            let actor = Actor(
                pid: pid, role: entry.string(.actorRole) ?? known?.actor.role,
                region: entry.string(.actorRegion) ?? known?.actor.region)
            latest[Text(pid)] = (moment, actor)
        }
        actors = latest.values.map(\.actor).sorted { $0.pid.precedesByBytes($1.pid) }
    }

    /// What is known of the context of an access by an actor to a person.
    ///
    /// - Parameters:
    ///   - actor: The actor.
    ///   - person: The person's pseudonym.
    ///   - action: The name of the event type: `profile.view`.
    /// - Returns: The attributes that are known; nil if there is no such event type.
    public func known(_ actor: Actor, _ person: String, _ action: String) -> Record? {
        guard
            let type = EventType.allCases.first(where: { $0.name.utf8.elementsEqual(action.utf8) })
        else { return nil }
        var flags: [String: Bool] = [
            "versionInForce": true, "directIdentifier": false, "offerOpen": false,
            "personNamed": false, "personInformed": false, "agreementInForce": false,
            "contactAgreement": false, "objection": false, "restricted": false,
            "declaredLink": false, "explained": false,
        ]
        addActor(actor, to: &flags)
        addPerson(person, actor, type, to: &flags)
        let pilot = registry.pilotState(view)
        flags["pilotRunning"] = pilot?.isRunning(at: view.time) ?? false
        let regions = (pilot?.regions ?? []).map { Value.string(registry.interner.string($0)) }
        var fields: [(String, Value)] = flags.map { ($0.key, .bool($0.value)) }
        fields.append(("pilotRegions", .set(ValueSet(regions))))
        fields.append(("recordedEffect", .string("allow")))
        fields.append(("outcome", .string("done")))
        if let role = actor.role { fields.append(("role", .string(role))) }
        if let region = actor.region { fields.append(("region", .string(region))) }
        return Record(fields)
    }

    /// Whether an attribute is one that the log's state can tell, whatever the access.
    public func tells(_ attribute: String) -> Bool {
        let open = ["purpose", "categories", "offerOpen", "caseNamed", "explained"]
        return !open.contains { $0.utf8.elementsEqual(attribute.utf8) }
    }

    /// Whether an event type is an access to a person's data.
    public static func isAccessToPerson(_ action: String) -> Bool {
        EventType.allCases.contains {
            $0.isJobSeekerAccess && $0.name.utf8.elementsEqual(action.utf8)
        }
    }

    private func id(_ text: String) -> InternedID? {
        let bytes = Array(text.utf8)
        return unsafe registry.find(bytes.span.bytes)
    }

    private func addActor(_ actor: Actor, to flags: inout [String: Bool]) {
        let adviser = id(actor.pid)
        flags["licenceActive"] = registry.activeLicence(of: adviser, view) != nil
        flags["volunteer"] = registry.enrolment(of: adviser, view) != nil
        flags["charterInForce"] = registry.charter(of: adviser, view) != nil
        flags["trained"] = registry.training(of: adviser, view) != nil
    }

    private func addPerson(
        _ pid: String, _ actor: Actor, _ type: EventType, to flags: inout [String: Bool]
    ) {
        guard type.isJobSeekerAccess else { return }
        let (person, adviser) = (id(pid), id(actor.pid))
        flags["personNamed"] = true
        flags["restricted"] = registry.restrictionOrErasure(of: person, view) != nil
        flags["declaredLink"] = registry.declaredLink(of: adviser, to: person, view) != nil
        let access = ExplainedAccess(
            registry: registry, actor: adviser, person: person, offer: nil, reference: nil,
            namesCase: false, delays: delays, view: view)
        // An offer, a request or a case that the access names could still explain it.
        flags["explained"] = access.isExplained ? true : nil
        guard type.isPromotion else { return }
        flags["offerOpen"] = nil
        flags["personInformed"] = registry.notice(of: person, view) != nil
        flags["objection"] = registry.objection(of: person, view) != nil
        let agreements = registry.agreements(
            of: person, monthsMax: delays.agreementMonths, view
        ).map { registry.list(of: $0) }
        flags["contactAgreement"] = agreements.contains { registry.coversContact($0) }
        // Which occupation an agreement must cover is the offer's.
        let coversAll = agreements.contains { scope in
            scope.contains { registry.interner.bytes($0).elementsEqual("*".utf8) }
        }
        flags["agreementInForce"] = agreements.isEmpty ? false : coversAll ? true : nil
    }
}
