// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import TemporalRules
import TransparencyLog

extension Explanation {
    /// Takes in what the audit of the whole log says of the entry.
    mutating func take(_ result: AuditResult, _ folder: PolicySetFolder?) {
        let own = result.findings.filter { $0.entry.index == entry.index }
        let known = Set(own.map(\.id))
        // A version that is missing is one finding of the audit, at its first access.
        findings = (findings.filter { !known.contains($0.id) } + own).sorted()
        related = result.findings.filter { finding in
            finding.entry.index != entry.index
                && finding.witnesses.contains { $0.index == entry.index }
        }
        open = result.open.filter { $0.entry.index == entry.index }
        let named = Set((findings + related).flatMap(\.policies) + open.map(\.policy))
        guard let folder else { return }
        rules = folder.overTime.sheets.filter { named.contains($0.rule.id) }.map {
            RulePart(
                policy: $0.rule.id, title: $0.title, sentence: folder.filled($0.sentence))
        }
    }
}
