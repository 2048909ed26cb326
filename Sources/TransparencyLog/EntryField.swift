// SPDX-License-Identifier: Apache-2.0

/// A field of format version 1, at the top level or inside `actor`, `decision` or `subject`.
///
/// The table is closed: an entry with any other field is rejected, on append and on replay.
/// Which fields an event type requires is in `docs/events.md`; the format itself only knows
/// each field's kind. Raw values follow the canonical order of the keys, so that a member's
/// children come directly after it; they are not stored anywhere.
public enum EntryField: UInt8, CaseIterable, Hashable, Sendable {
    /// Who acted.
    case actor
    /// Kind of account: `pro`, `personnel` or `service`.
    case actorAccountKind
    /// How the actor was authenticated.
    case actorAuth
    /// The actor's establishment.
    case actorEstablishment
    /// The actor's pseudonym.
    case actorPID
    /// The actor's region, an INSEE code.
    case actorRegion
    /// The actor's role, a code of the role table.
    case actorRole
    /// The actor's unit.
    case actorUnit
    /// The agreement relied on.
    case agreementRef
    /// Who approved, a pseudonym.
    case approver
    /// Number of attempts.
    case attempts
    /// Who wrote it, a pseudonym.
    case author
    /// When the controller became aware.
    case awareAt
    /// The lawful basis.
    case basis
    /// The staff body concerned.
    case body
    /// The case that justifies the act.
    case caseRef
    /// The data categories touched, codes of the category table.
    case categories
    /// The charter that was signed.
    case charterVersion
    /// The automated control linked to a measure.
    case control
    /// The `id` of the entry this one answers.
    case correlates
    /// Number of persons or records touched.
    case count
    /// SHA-256 of the search criteria.
    case criteriaHash
    /// Whether candidate data moved with the licence.
    case dataTransferred
    /// The decision taken when the event occurred.
    case decision
    /// The policy that decided.
    case decisionClause
    /// `allow` or `deny`.
    case decisionEffect
    /// The hash of the policy set that decided.
    case decisionPolicyVersion
    /// The written decision.
    case decisionRef
    /// The kind of device.
    case deviceKind
    /// SHA-256 of a document kept elsewhere.
    case documentHash
    /// When an answer is due.
    case dueAt
    /// The employer concerned.
    case employerRef
    /// How the event is known: `observed`, `imported` or `declared`.
    case evidence
    /// When an exception ends.
    case expiresAt
    /// The licence's functions.
    case featureSet
    /// Number of findings.
    case findings
    /// First index of a range.
    case first
    /// The format version of the log.
    case format
    /// The previous holder, a pseudonym.
    case from
    /// SHA-256 of what the entry announces.
    case hash
    /// A root hash of the log.
    case head
    /// The idempotency key, unique for its source.
    case id
    /// The indicator reported.
    case indicator
    /// Upper bound of the interval, in ten-thousandths.
    case intervalHigh
    /// Lower bound of the interval, in ten-thousandths.
    case intervalLow
    /// A verification key in its text form.
    case key
    /// The key concerned.
    case keyID
    /// Last index of a range.
    case last
    /// Level of a staff body: `central` or `establishment`.
    case level
    /// The licence concerned.
    case licenceID
    /// Persons whom the adviser declared as self or close, pseudonyms.
    case links
    /// The measure of the impact assessment.
    case measure
    /// The method of an indicator.
    case method
    /// Whether a second factor was used.
    case mfa
    /// The training module completed.
    case module
    /// Size of the sample.
    case n
    /// The search that found no registered profile.
    case noMatchRef
    /// The observation of a staff body.
    case observationRef
    /// When the event occurred, by the source's clock.
    case occurredAt
    /// The job offer concerned.
    case offerRef
    /// The processing operation.
    case operation
    /// The opinion given: `favourable`, `unfavourable` or `deemed_negative`.
    case opinion
    /// The log's name.
    case origin
    /// What happened: `done`, `denied` or `failed`.
    case outcome
    /// The coded outcome of a review.
    case outcomeCode
    /// Who owns it, a pseudonym.
    case owner
    /// The partner concerned.
    case partner
    /// The perimeter of a summary.
    case perimeter
    /// The preset of categories shared.
    case preset
    /// The previous entry's leaf hash.
    case prev
    /// The declared purpose.
    case purpose
    /// The purposes in scope.
    case purposes
    /// The coded reason.
    case reasonCode
    /// Who received the data.
    case recipient
    /// When the log recorded the entry.
    case recordedAt
    /// The recovery key in its text form.
    case recoveryKey
    /// A document or request reference.
    case reference
    /// The regions in scope, INSEE codes.
    case regions
    /// SHA-256 of a released summary.
    case releaseHash
    /// Who requested, a pseudonym.
    case requester
    /// Number of results.
    case resultCount
    /// Longest retention, in days.
    case retentionDaysMax
    /// Shortest retention, in days.
    case retentionDaysMin
    /// Who reviewed, a pseudonym.
    case reviewer
    /// The roles in scope.
    case roles
    /// An occupation code of ROME 4.0.
    case rome
    /// The rule concerned.
    case rule
    /// The hash of the policy set that a check used.
    case rulesetVersion
    /// What an agreement covers: ROME codes or `*`.
    case scope
    /// The entry's index.
    case seq
    /// The session.
    case session
    /// Who sent the event.
    case source
    /// The source's own counter.
    case sourceSeq
    /// The person whose data are concerned.
    case subject
    /// The person's pseudonym.
    case subjectPID
    /// The table requested.
    case tableSpec
    /// The thresholds applied.
    case thresholds
    /// The next holder, a pseudonym.
    case to
    /// The transfer tool.
    case tool
    /// The type of the event.
    case type
    /// The version of the entry format.
    case v
    /// When validity starts.
    case validFrom
    /// When validity ends.
    case validUntil
    /// A value, in ten-thousandths.
    case value
    /// A version label.
    case version
}

/// What the value of a field must be.
public enum EntryFieldKind: Hashable, Sendable {
    /// A non-empty string in NFC.
    case string
    /// An integer n with |n| < 2^53.
    case integer
    /// `true` or `false`.
    case boolean
    /// An instant, `YYYY-MM-DDTHH:MM:SS.mmmZ` in UTC.
    case timestamp
    /// A SHA-256 digest in lower-case hexadecimal.
    case digest
    /// An array of non-empty strings, sorted by bytes, without repetition.
    case strings
    /// An object whose members are fields of their own.
    case object
}

extension EntryField {
    /// The field's key; a member of an object is written `object.member`.
    public var name: String {
        Self.table[Int(rawValue)].name
    }

    /// What the field's value must be.
    public var kind: EntryFieldKind {
        Self.table[Int(rawValue)].kind
    }

    // INVARIANT: in the order of the cases; a test compares both.
    private static let table: [(name: String, kind: EntryFieldKind)] = [
        ("actor", .object),
        ("actor.account_kind", .string),
        ("actor.auth", .string),
        ("actor.establishment", .string),
        ("actor.pid", .string),
        ("actor.region", .string),
        ("actor.role", .string),
        ("actor.unit", .string),
        ("agreement_ref", .string),
        ("approver", .string),
        ("attempts", .integer),
        ("author", .string),
        ("aware_at", .timestamp),
        ("basis", .string),
        ("body", .string),
        ("case_ref", .string),
        ("categories", .strings),
        ("charter_version", .string),
        ("control", .string),
        ("correlates", .string),
        ("count", .integer),
        ("criteria_hash", .digest),
        ("data_transferred", .boolean),
        ("decision", .object),
        ("decision.clause", .string),
        ("decision.effect", .string),
        ("decision.policy_version", .digest),
        ("decision_ref", .string),
        ("device_kind", .string),
        ("document_hash", .digest),
        ("due_at", .timestamp),
        ("employer_ref", .string),
        ("evidence", .string),
        ("expires_at", .timestamp),
        ("feature_set", .strings),
        ("findings", .integer),
        ("first", .integer),
        ("format", .integer),
        ("from", .string),
        ("hash", .digest),
        ("head", .digest),
        ("id", .string),
        ("indicator", .string),
        ("interval_high", .integer),
        ("interval_low", .integer),
        ("key", .string),
        ("key_id", .string),
        ("last", .integer),
        ("level", .string),
        ("licence_id", .string),
        ("links", .strings),
        ("measure", .string),
        ("method", .string),
        ("mfa", .boolean),
        ("module", .string),
        ("n", .integer),
        ("no_match_ref", .string),
        ("observation_ref", .string),
        ("occurred_at", .timestamp),
        ("offer_ref", .string),
        ("operation", .string),
        ("opinion", .string),
        ("origin", .string),
        ("outcome", .string),
        ("outcome_code", .string),
        ("owner", .string),
        ("partner", .string),
        ("perimeter", .string),
        ("preset", .string),
        ("prev", .digest),
        ("purpose", .string),
        ("purposes", .strings),
        ("reason_code", .string),
        ("recipient", .string),
        ("recorded_at", .timestamp),
        ("recovery_key", .string),
        ("reference", .string),
        ("regions", .strings),
        ("release_hash", .digest),
        ("requester", .string),
        ("result_count", .integer),
        ("retention_days_max", .integer),
        ("retention_days_min", .integer),
        ("reviewer", .string),
        ("roles", .strings),
        ("rome", .string),
        ("rule", .string),
        ("ruleset_version", .digest),
        ("scope", .strings),
        ("seq", .integer),
        ("session", .string),
        ("source", .string),
        ("source_seq", .integer),
        ("subject", .object),
        ("subject.pid", .string),
        ("table_spec", .string),
        ("thresholds", .strings),
        ("to", .string),
        ("tool", .string),
        ("type", .string),
        ("v", .integer),
        ("valid_from", .timestamp),
        ("valid_until", .timestamp),
        ("value", .integer),
        ("version", .string),
    ]
}
