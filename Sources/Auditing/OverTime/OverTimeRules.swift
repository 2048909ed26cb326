// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Diagnostics
import FormulaRules
public import TemporalRules

/// The rules over time of a policy set, compiled: `rules/*.yaml`.
///
/// A class, since every entry's judging passes it on: one reference, and no copy of its tables.
public final class OverTimeRules: Sendable {
    /// The sheets, those of formulas last; a rule's position here numbers it in verdicts.
    public let sheets: [RuleSheet]
    /// The rules, compiled.
    let program: RuleProgram
    /// The formulas, which come after the rules of the program.
    let formulas: [FormulaRule]
    /// What is read of an event, by the raw value of its type; nil where no rule listens to it.
    let fields: [[RuleField]?]
    /// Whether some rule asks what the policies decide.
    let readsDecisions: Bool
    /// How many milliseconds late an event may be and still count when it occurred.
    let lateness: Int64
    /// How many seconds a rule may go without anything to judge.
    let idleMax: Int64
    /// The rules that a control may be linked to, as numbers of texts.
    let controls: Set<Int64>
    /// The least or the most that a summary's thresholds may be, by name.
    let thresholds: [String: Int]

    /// The fields whose relations occur in formulas.
    private static func fields(in formulas: [FormulaRule]) -> Set<FieldID> {
        var words: Set<String> = []
        for formula in formulas {
            let parts = formula.text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            words.formUnion(parts.map(String.init))
        }
        if words.contains("denied") { words.insert(FormulaRule.decisionField) }
        return Set(
            RuleField.allCases.filter { words.contains(RuleFormula.relation($0.name)) }
                .map { FieldID(rawValue: $0.rawValue) })
    }

    /// Reads the rules of a policy set.
    ///
    /// - Parameters:
    ///   - archive: The files.
    ///   - parameters: The parameters of the policy set.
    ///   - others: The rules of the policy set that are not over time, by `@id`.
    ///   - faults: Gets what is wrong with the sheets.
    init(
        _ archive: PolicyArchive, _ parameters: [String: PolicySetFolder.Parameter],
        others: some Sequence<String>, _ faults: inout [Diagnostic]
    ) {
        let setting = RuleSentence.Setting(
            schema: RuleField.schema, parameters: parameters.mapValues(Self.value),
            identify: { RuleText.number($0) })
        let read = SheetReader.read(archive, setting, &faults)
        let sheets = read.sheets
        formulas = read.formulas
        self.sheets = sheets + read.formulaSheets
        do throws(RuleError) {
            program = try RuleProgram(schema: RuleField.schema, rules: sheets.map(\.rule))
        } catch {
            faults.append(error.diagnostic)
            program = Self.empty
        }
        let program = program
        let fieldsRead = program.fieldsRead
        let inFormulas = Self.fields(in: formulas)
        let hearsAll = !formulas.isEmpty
        fields = EventType.allCases.indices.map { type in
            // Each event is a time point of a formula, whether it speaks of it or not.
            guard hearsAll || program.listens(to: EventTypeID(rawValue: UInt16(type)))
            else { return nil }
            return Set(fieldsRead[type]).union(inFormulas).sorted()
                .compactMap { RuleField(rawValue: $0.rawValue) }
        }
        readsDecisions = fields.contains { $0?.contains(.broken) ?? false }
        // Where one is missing the set is not read at all.
        func days(_ name: EngineParameter) -> Int64 {
            Int64(min(parameters[name.rawValue]?.number ?? 0, 3_650))
        }
        lateness = days(.latenessDays) * 86_400_000
        idleMax = days(.deadRuleDays) * 86_400
        controls = Set(
            (sheets.map(\.rule.id) + others).flatMap { id in
                [RuleText.number(id), RuleText.number(Judgement.rule(of: id))]
            })
        thresholds = Dictionary(
            uniqueKeysWithValues: parameters.compactMap { name, parameter in
                guard name.hasPrefix("summary_"), let number = parameter.number else { return nil }
                return (name, number)
            })
    }

    private static let empty: RuleProgram = {
        do throws(RuleError) {
            return try RuleProgram(schema: RuleField.schema, rules: [])
        } catch {
            preconditionFailure("a program without rules makes sense")
        }
    }()

    private static func value(_ parameter: PolicySetFolder.Parameter) -> SentenceParameter {
        parameter.number.map { .number(Int64($0)) } ?? .words(parameter.codes)
    }

    /// What a sheet says in a sentence, with the names of parameters; nil if there is none of that
    /// `id`.
    public func sentence(of id: String) -> LocalizedText? {
        sheets.first { $0.rule.id == id }?.sentence
    }

    /// The formula that a sheet stands for; nil if there is none of that `id`.
    public func formula(of id: String) -> String? {
        if let formula = formulas.first(where: { $0.id == id }) { return formula.text }
        return sheets.first { $0.rule.id == id }.map {
            RuleFormula($0.rule.pattern, schema: RuleField.schema, variables: $0.variables).text
        }
    }

    /// An example log of a sheet, and whether the rule says of it what it should.
    public struct ExampleRun: Hashable, Sendable {
        /// The sheet, by its `id`.
        public let rule: String
        /// What the example shows.
        public let name: String
        /// Whether the verdicts are those of the sheet.
        public let isExpected: Bool
    }

    /// Runs the example logs of the sheets.
    public func runExamples() -> [ExampleRun] {
        sheets.flatMap { sheet in
            sheet.examples.map { example in
                // A rule that makes no sense was refused before; here it would fail its example.
                let schema = RuleField.schema
                let formula = formulas.first { $0.id == sheet.rule.id }
                let isExpected =
                    formula.map { (try? example.isSatisfied(by: $0, in: schema)) ?? false }
                    ?? (try? example.isSatisfied(by: sheet.rule, in: schema)) ?? false
                return ExampleRun(
                    rule: sheet.rule.id, name: example.name, isExpected: isExpected)
            }
        }
    }

    /// What the policy set says of a rule, as findings take it over.
    static func rule(of sheet: RuleSheet) -> PolicySetFolder.Rule {
        PolicySetFolder.Rule(
            title: sheet.title, basis: sheet.basis,
            severity: Finding.Severity(rawValue: sheet.severity) ?? .high,
            provenance: Finding.Provenance(rawValue: sheet.provenance) ?? .assumption)
    }
}
