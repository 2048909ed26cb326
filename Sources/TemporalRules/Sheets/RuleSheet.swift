// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import Yams

/// A rule over time as a file of a policy set holds it: its titles, its sentence in both
/// languages, and the example logs that say what it means.
///
///     id: R24
///     title_fr: Désactivation tardive
///     title_en: Late deactivation
///     severity: high
///     basis: RGPD 32
///     sentence_fr: >-
///       après adviser.withdraw(actor: a), licence.revoke(to: a) sous $hours h
///     sentence_en: >-
///       after adviser.withdraw(actor: a), licence.revoke(to: a) within $hours h
///     examples:
///       - name: revoked the next morning
///         log: |
///           2026-03-02 09:00:00 adviser.withdraw actor=a1
///           2026-03-03 08:00:00 licence.revoke to=a1
///       - name: never revoked
///         log: |
///           2026-03-02 09:00:00 adviser.withdraw actor=a1
///         until: 2026-03-04 00:00:00
///         violated: [0]
///
/// Both sentences must say the same. Times are those of Paris; with a final `Z`, of UTC. The
/// lines of an example are its entries, numbered from 0; those that are not named are neither
/// violated nor pending.
public struct RuleSheet: Sendable {
    /// The severities of findings.
    public static let severities = ["low", "medium", "high", "critical"]

    /// The rule.
    public let rule: TemporalRule
    /// The title.
    public let title: LocalizedText
    /// The legal basis.
    public let basis: String
    /// How much a finding matters: one of ``severities``.
    public let severity: String
    /// The sentence, as it is written.
    public let sentence: LocalizedText
    /// The variables of the key, in the order in which verdicts give their values.
    public let variables: [String]
    /// The example logs.
    public let examples: [RuleExample]

    private static let keys = [
        "id", "title_fr", "title_en", "severity", "basis", "sentence_fr", "sentence_en",
        "examples",
    ]

    /// Reads the sheet of a file.
    ///
    /// - Throws: ``RuleSheetErrors`` with every fault found.
    public init(
        yaml bytes: [UInt8], file: String, setting: RuleSentence.Setting
    ) throws(RuleSheetErrors) {
        var reader = RuleSheetReader(file: file)
        guard let root = reader.compose(bytes) else {
            throw RuleSheetErrors(diagnostics: reader.faults)
        }
        let fields = reader.mapping(root, keys: Self.keys)
        func text(_ key: String) -> String { reader.text(fields, key, in: root) }
        let id = text("id")
        title = LocalizedText(fr: text("title_fr"), en: text("title_en"))
        basis = text("basis")
        severity = text("severity")
        if !severity.isEmpty, !Self.severities.contains(severity) {
            reader.fault(.wrongValue, severity, fields["severity"] ?? root)
        }
        sentence = LocalizedText(fr: text("sentence_fr"), en: text("sentence_en"))
        let french = reader.sentence(fields["sentence_fr"], .french, setting)
        let english = reader.sentence(fields["sentence_en"], .english, setting)
        if let french, let english, french.pattern != english.pattern {
            reader.fault(.sentencesDiffer, id, fields["sentence_en"] ?? root)
        }
        examples = reader.examples(fields["examples"], setting)
        guard let french, reader.faults.isEmpty else {
            throw RuleSheetErrors(diagnostics: reader.faults)
        }
        rule = TemporalRule(id: id, french.pattern)
        variables = french.variables
    }
}

/// All that is wrong with the sheet of a rule.
public struct RuleSheetErrors: Error, Sendable {
    /// The faults, in the order in which they were met.
    public let diagnostics: [Diagnostic]
}

/// Why a sheet is wrong, besides its sentences.
public enum RuleSheetFault: String, CaseIterable, Sendable {
    /// The text is not YAML, or not UTF-8.
    case notYAML = "TRL121"
    /// A key is missing.
    case missingKey = "TRL122"
    /// A key that sheets do not have.
    case unknownKey = "TRL123"
    /// A value of another shape than the key asks for.
    case wrongValue = "TRL124"
    /// The two languages do not say the same.
    case sentencesDiffer = "TRL125"
    /// A line of an example that is no event.
    case malformedEvent = "TRL126"

    var words: (french: String, english: String, remedy: LocalizedText) {
        let correct = LocalizedText(
            fr: "corriger le fichier à cet endroit", en: "correct the file there")
        switch self {
        case .notYAML: return ("fichier YAML illisible", "unreadable YAML file", correct)
        case .missingKey: return ("clé absente", "missing key", correct)
        case .unknownKey: return ("clé inconnue", "unknown key", correct)
        case .wrongValue: return ("valeur inattendue", "unexpected value", correct)
        case .sentencesDiffer:
            return (
                "phrases différentes dans les deux langues de", "sentences that differ in",
                LocalizedText(
                    fr: "écrire la même règle en français et en anglais",
                    en: "write the same rule in French and in English")
            )
        case .malformedEvent:
            return (
                "événement illisible", "unreadable event",
                LocalizedText(
                    fr: "écrire `AAAA-MM-JJ hh:mm:ss type champ=valeur …`",
                    en: "write `YYYY-MM-DD hh:mm:ss type field=value …`")
            )
        }
    }
}

/// Reads the YAML of sheets, and says where each fault is.
struct RuleSheetReader {
    let file: String
    var faults: [Diagnostic] = []

    init(file: String) { self.file = file }

    mutating func compose(_ bytes: [UInt8]) -> Node? {
        guard bytes.count < 1 << 20, let text = String(validating: bytes, as: UTF8.self) else {
            fault(.notYAML, file, at: .file(file))
            return nil
        }
        do {
            if let node = try Yams.compose(yaml: text) { return node }
            fault(.notYAML, file, at: .file(file))
        } catch YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _)
        {
            fault(
                .notYAML, file, at: .text(file: file, line: mark.line, column: mark.column))
        } catch {
            // Other errors of the YAML reader have no place: the file as a whole is wrong.
            fault(.notYAML, file, at: .file(file))
        }
        return nil
    }

    mutating func fault(_ fault: RuleSheetFault, _ subject: String, at place: Place) {
        let (french, english, remedy) = fault.words
        faults.append(
            Diagnostic(
                code: fault.rawValue, place: place,
                message: LocalizedText(
                    fr: "\(french) `\(subject)`", en: "\(english) `\(subject)`"),
                remedy: remedy))
    }

    mutating func fault(_ fault: RuleSheetFault, _ subject: String, _ node: Node) {
        self.fault(fault, subject, at: place(node))
    }

    func place(_ node: Node) -> Place {
        guard let mark = node.mark else { return .file(file) }
        return .text(file: file, line: mark.line, column: mark.column)
    }

    mutating func mapping(_ node: Node, keys: [String]) -> [String: Node] {
        guard let mapping = node.mapping else {
            fault(.wrongValue, node.scalar?.string ?? "[…]", node)
            return [:]
        }
        var fields: [String: Node] = [:]
        for (keyNode, value) in mapping {
            let key = keyNode.scalar?.string ?? "?"
            if keys.contains(key) { fields[key] = value } else { fault(.unknownKey, key, keyNode) }
        }
        return fields
    }

    mutating func text(_ fields: [String: Node], _ key: String, in node: Node) -> String {
        guard let value = fields[key] else {
            fault(.missingKey, key, node)
            return ""
        }
        guard let text = value.scalar?.string, !text.isEmpty else {
            fault(.wrongValue, key, value)
            return ""
        }
        return text
    }

    mutating func sentence(
        _ node: Node?, _ language: Language, _ setting: RuleSentence.Setting
    ) -> RuleSentence? {
        guard let node, let text = node.scalar?.string else { return nil }
        do throws(SentenceError) {
            return try RuleSentence(text, language: language, setting: setting)
        } catch {
            faults.append(error.diagnostic(file: file, line: node.mark?.line ?? 1))
            return nil
        }
    }
}
