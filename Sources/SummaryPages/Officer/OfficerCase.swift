// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Auditing
import Diagnostics

/// Findings that are reviewed together: one actor, one week, one family.
///
/// Where actors are masked, week and family alone make the case. A case never says who it is about.
struct OfficerCase {
    /// The ISO week in Paris.
    var week: (year: Int, number: Int)
    var family: RuleFamily
    var findings: [RunRecord.Finding]

    /// The gravest severity first, then the oldest.
    static func cases(_ findings: [RunRecord.Finding]) -> [OfficerCase] {
        struct Key: Hashable {
            var actor: String
            var year: Int
            var week: Int
            var family: RuleFamily
        }
        var groups: [Key: [RunRecord.Finding]] = [:]
        for finding in findings {
            let date = ParisTime(milliseconds: finding.time).date.isoWeek
            let key = Key(
                actor: finding.actor ?? "", year: date.year, week: date.week,
                family: RuleFamily(ofRule: finding.rule))
            groups[key, default: []].append(finding)
        }
        return groups.map { key, findings in
            OfficerCase(
                week: (key.year, key.week), family: key.family,
                findings: findings.sorted { $0.index < $1.index })
        }.sorted { one, other in
            (other.rank, one.week.year, one.week.number, one.findings[0].index)
                < (one.rank, other.week.year, other.week.number, other.findings[0].index)
        }
    }

    /// The week in words.
    var shownWeek: LocalizedText {
        LocalizedText(
            fr: "semaine \(week.number) de \(week.year)", en: "week \(week.number) of \(week.year)")
    }

    private static let severities = ["low", "medium", "high", "critical"]

    /// How grave the gravest finding is.
    var rank: Int {
        findings.compactMap { Self.severities.firstIndex(of: $0.severity) }.max() ?? 0
    }
}
