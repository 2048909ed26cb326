// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import FormulaRules
import Temporal
import TemporalRules

/// Reads the sheets of rules over time of a policy set, and the formulas that they name.
struct SheetReader {
    private(set) var sheets: [RuleSheet] = []
    /// The sheets of formulas, and the formulas in the same order.
    private(set) var formulaSheets: [RuleSheet] = []
    private(set) var formulas: [FormulaRule] = []

    static func isRuleFile(_ path: String) -> Bool {
        path.hasPrefix("rules/") && path.hasSuffix(".yaml")
    }

    private static func isFormulaFile(_ path: String) -> Bool {
        path.hasPrefix("rules/") && path.hasSuffix(".mfotl")
    }

    /// Reads `rules/*.yaml` and `rules/*.mfotl`.
    static func read(
        _ archive: PolicyArchive, _ setting: RuleSentence.Setting, _ faults: inout [Diagnostic]
    ) -> SheetReader {
        var reader = SheetReader()
        var named: Set<String> = []
        for file in archive.files where isRuleFile(file.path) {
            do throws(RuleSheetErrors) {
                let sheet = try RuleSheet(yaml: file.bytes, file: file.path, setting: setting)
                if Finding.Provenance(rawValue: sheet.provenance) == nil {
                    faults.append(
                        PolicySetError(.missingAnnotation, "provenance", at: .file(file.path))
                            .diagnostic)
                }
                guard let name = sheet.formulaFile else {
                    reader.sheets.append(sheet)
                    continue
                }
                named.insert("rules/" + name)
                reader.take(sheet, archive, file.path, &faults)
            } catch { faults += error.diagnostics }
        }
        for file in archive.files where isFormulaFile(file.path) && !named.contains(file.path) {
            faults.append(
                PolicySetError(.unlistedFile, file.path, at: .file(file.path)).diagnostic)
        }
        return reader
    }

    private mutating func take(
        _ sheet: RuleSheet, _ archive: PolicyArchive, _ file: String,
        _ faults: inout [Diagnostic]
    ) {
        let path = "rules/" + (sheet.formulaFile ?? "")
        guard let bytes = archive[path], Self.isFormulaFile(path) else {
            faults.append(PolicySetError(.missingFile, path, at: .file(file)).diagnostic)
            return
        }
        do throws(TemporalError) {
            formulas.append(
                try FormulaRule(id: sheet.rule.id, text: bytes, schema: RuleField.schema))
            formulaSheets.append(sheet)
        } catch { faults.append(error.diagnostic(file: path)) }
    }
}
