// SPDX-License-Identifier: Apache-2.0

public import Auditing
public import Diagnostics

/// Every fixed text of the reports, in both languages: the first half of the catalogue.
///
/// Texts with figures in them are in ``Sentence``.
public enum Label: String, CaseIterable, Sendable {
    case title, log, origin, integrity, intact, altered, unreadable, policySet, policyVersion,
        versionNotFound
    case period, entries, accesses, head, findings, noFinding, nothingJudged, verdict
    case severity, rule, ruleTitle, entry, date, dateUTC, region, explanation, offset
    case actor, subject, masked, nobody, basis, policies, values, templates, holds, fails
    case kind, recorded, replayed, allow, deny, evidence, fingerprint, learntLate, condition, seen
    case critical, high, medium, low
    case permittedButForbidden, deniedButDone, deniedButPermitted, governance, record, notEvaluated
    case summary, footnote, lastGoodHead, damaged
    case permitted, forbidden, notPermitted, notJudged
    case waived
    case overTime, open, openNote, due, dueSoon, unknown, searched
    case precision, witnesses, ruleSays, witnessOf

    /// The text.
    public var text: LocalizedText { Self.texts[self] ?? LocalizedText(fr: rawValue, en: rawValue) }

    /// The label of a severity.
    public init(_ severity: Finding.Severity) {
        switch severity {
        case .critical: self = .critical
        case .high: self = .high
        case .medium: self = .medium
        case .low: self = .low
        }
    }

    /// The label of a kind of finding.
    public init(_ kind: Finding.Kind) {
        switch kind {
        case .permittedButForbidden: self = .permittedButForbidden
        case .deniedButDone: self = .deniedButDone
        case .deniedButPermitted: self = .deniedButPermitted
        case .governance: self = .governance
        case .record: self = .record
        case .overTime: self = .overTime
        case .notEvaluated: self = .notEvaluated
        }
    }

    /// The label of an answer.
    init(holds: Bool) { self = holds ? .holds : .fails }

    /// The label of an effect.
    public init(_ effect: Finding.Effect) { self = effect == .allow ? .allow : .deny }

    /// The catalogue; a test checks that no case is missing.
    public static let texts: [Label: LocalizedText] = {
        func pair(_ french: String, _ english: String) -> LocalizedText {
            LocalizedText(fr: french, en: english)
        }
        return [
            .title: pair("Audit des accès", "Audit of accesses"),
            .log: pair("Journal", "Log"),
            .origin: pair("Nom du journal", "Name of the log"),
            .integrity: pair("Intégrité", "Integrity"),
            .intact: pair("intact", "intact"),
            .altered: pair("ALTÉRÉ", "ALTERED"),
            .unreadable: pair("illisible en partie", "unreadable in part"),
            .policySet: pair("Politiques", "Policies"),
            .policyVersion: pair("Version en vigueur", "Version in force"),
            .versionNotFound: pair("version introuvable", "version not found"),
            .period: pair("Période", "Period"),
            .entries: pair("Entrées", "Entries"),
            .accesses: pair("Accès", "Accesses"),
            .head: pair("Empreinte du journal", "Root hash"),
            .findings: pair("Constats", "Findings"),
            .noFinding: pair("Aucun constat.", "No finding."),
            .nothingJudged: pair(
                "Le journal n’est pas intact\u{202F}: aucun accès n’a été jugé.",
                "The log is not intact: no access was judged."),
            .verdict: pair("Verdict", "Verdict"),
            .severity: pair("Gravité", "Severity"),
            .rule: pair("Règle", "Rule"),
            .ruleTitle: pair("Titre", "Title"),
            .entry: pair("Entrée", "Entry"),
            .date: pair("Date (Paris)", "Date (Paris)"),
            .dateUTC: pair("Date (UTC)", "Date (UTC)"),
            .region: pair("Région", "Region"),
            .explanation: pair("Explication", "Explanation"),
            .offset: pair("octet", "byte"),
            .actor: pair("Agent", "Actor"),
            .subject: pair("Personne", "Person"),
            .masked: pair(
                "masqué jusqu’à la consultation du CSE central et l’information du personnel",
                "withheld until the central works council is consulted and the staff informed"),
            .nobody: pair("–", "–"),
            .basis: pair("Fondement", "Legal basis"),
            .policies: pair("Politiques déterminantes", "Determining policies"),
            .values: pair("Valeurs qui ont décidé", "Values that decided"),
            .templates: pair("Explications essayées", "Explanations tried"),
            .holds: pair("oui", "yes"),
            .fails: pair("non", "no"),
            .kind: pair("Nature", "Kind"),
            .recorded: pair("Décision consignée", "Decision recorded"),
            .replayed: pair("Décision rejouée", "Decision replayed"),
            .allow: pair("autorisé", "allow"),
            .deny: pair("refusé", "deny"),
            .evidence: pair("Autres entrées", "Other entries"),
            .fingerprint: pair("Empreinte du constat", "Fingerprint"),
            .learntLate: pair(
                "révélé par une entrée consignée plus tard", "revealed by an entry recorded later"),
            .condition: pair("Condition", "Condition"),
            .seen: pair("Valeur vue", "Value seen"),
            .critical: pair("critique", "critical"),
            .high: pair("élevée", "high"),
            .medium: pair("moyenne", "medium"),
            .low: pair("faible", "low"),
            .permittedButForbidden: pair(
                "autorisé alors que la politique l’interdit",
                "permitted though the policy forbids it"),
            .deniedButDone: pair("refusé mais effectué", "denied but done"),
            .deniedButPermitted: pair(
                "refusé alors que la politique l’autorise", "denied though the policy permits it"),
            .governance: pair("acte de gouvernance", "act of governance"),
            .record: pair("défaut de l’enregistrement", "fault of the record"),
            .notEvaluated: pair("non évalué", "not evaluated"),
            .permitted: pair("permis", "permitted"),
            .forbidden: pair(
                "interdit par au moins une politique", "forbidden by at least one policy"),
            .notPermitted: pair("permis par aucune politique", "permitted by no policy"),
            .notJudged: pair(
                "aucune politique ne porte sur cette entrée", "no policy speaks of this entry"),
            .lastGoodHead: pair("Dernier état sûr", "Last good head"),
            .damaged: pair("Entrées atteintes", "Entries affected"),
            .overTime: pair("écart dans la durée", "violation over time"),
            .precision: pair(
                "Précision des règles (constats confirmés / examinés)",
                "Precision of the rules (findings confirmed / reviewed)"),
            .witnesses: pair("Entrées qui le montrent", "Entries that show it"),
            .ruleSays: pair("La règle", "The rule"),
            .witnessOf: pair(
                "L’entrée montre aussi ce constat", "The entry also shows this finding"),
            .open: pair("Échéances et questions ouvertes", "Deadlines and open questions"),
            .openNote: pair(
                "Ce qui suit n’est pas un écart\u{202F}: le délai court encore, ou un trou du journal ou une purge couvre la réponse.",
                "None of this is a violation: the time has not run out, or a gap in the log or a purge covers the answer."
            ),
            .due: pair("échéance le", "due on"),
            .dueSoon: pair("proche", "soon"),
            .unknown: pair(
                "réponse couverte par un trou du journal ou une purge",
                "answer covered by a gap in the log or a purge"),
            .searched: pair("Cherché en vain", "Searched in vain"),
            .waived: pair("Couvert par dérogation", "Covered by a waiver"),
            .summary: pair("Ce qui a été examiné", "What was examined"),
            .footnote: pair(
                "Un constat signale un écart entre le journal et les politiques\u{202F}; il ne préjuge pas d’une faute.",
                "A finding is a difference between the log and the policies; it does not presume misconduct."
            ),
        ]
    }()
}
