// SPDX-License-Identifier: Apache-2.0

import AuditEvents
public import Diagnostics
public import TemporalRules

/// The rules over time of a policy set, compiled: `rules/*.yaml`.
public struct OverTimeRules: Sendable {
    /// The sheets, in the order of their files; a rule's position here numbers it in verdicts.
    public let sheets: [RuleSheet]
    /// The rules, compiled.
    let program: RuleProgram
    /// What is read of an event, by the raw value of its type; nil where no rule listens to it.
    let fields: [[RuleField]?]
    /// How many milliseconds late an event may be and still count when it occurred.
    let lateness: Int64
    /// How many seconds a rule may go without anything to judge.
    let idleMax: Int64
    /// The rules that a control may be linked to, as numbers of texts.
    let controls: Set<Int64>
    /// The least or the most that a summary's thresholds may be, by name.
    let thresholds: [String: Int]

    static func isRuleFile(_ path: String) -> Bool {
        path.hasPrefix("rules/") && path.hasSuffix(".yaml")
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
        var sheets: [RuleSheet] = []
        for file in archive.files where Self.isRuleFile(file.path) {
            do throws(RuleSheetErrors) {
                let sheet = try RuleSheet(yaml: file.bytes, file: file.path, setting: setting)
                if Finding.Provenance(rawValue: sheet.provenance) == nil {
                    faults.append(
                        PolicySetError(.missingAnnotation, "provenance", at: .file(file.path))
                            .diagnostic)
                }
                sheets.append(sheet)
            } catch { faults += error.diagnostics }
        }
        self.sheets = sheets
        do throws(RuleError) {
            program = try RuleProgram(schema: RuleField.schema, rules: sheets.map(\.rule))
        } catch {
            faults.append(error.diagnostic)
            program = Self.empty
        }
        let program = program
        let read = program.fieldsRead
        fields = EventType.allCases.indices.map { type in
            guard program.listens(to: EventTypeID(rawValue: UInt16(type))) else { return nil }
            return read[type].compactMap { RuleField(rawValue: $0.rawValue) }
        }
        func number(_ name: String, _ value: Int) -> Int { parameters[name]?.number ?? value }
        lateness = Int64(min(number("lateness_days", 35), 3_650)) * 86_400_000
        idleMax = Int64(number("dead_rule_days", 30)) * 86_400
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
                let isExpected =
                    (try? example.isSatisfied(by: sheet.rule, in: RuleField.schema)) ?? false
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
