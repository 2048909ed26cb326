// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Diagnostics

/// A parameter that the engine itself reads.
///
/// Every policy set says its value, so that none is a default that nobody decided. The parameters
/// that the sheets of rules name come on top.
enum EngineParameter: String, CaseIterable {
    case purposes
    case forbiddenInside = "forbidden_inside"
    case allowedToEmployer = "allowed_to_employer"
    case agreementMonths = "agreement_months"
    case appointmentDays = "appointment_days"
    case handoverDays = "handover_days"
    case resolveHours = "resolve_hours"
    case outsidePortfolioHigh = "outside_portfolio_high"
    case outsidePortfolioDays = "outside_portfolio_days"
    case latenessDays = "lateness_days"
    case deadRuleDays = "dead_rule_days"
    case caseRepetition = "case_repetition"
    case waiverFindingsMax = "waiver_findings_max"
    case licenceCap = "licence_cap"
    case historyDays = "history_days"
    case historyOfEverybody = "history_of_everybody"
    case summaryAgentsMin = "summary_agents_min"
    case summaryPersonsMin = "summary_persons_min"
    case summaryEmployersMin = "summary_employers_min"
    case summaryAgentShareMax = "summary_agent_share_max"
    case summaryEmployerShareMax = "summary_employer_share_max"
    case summarySubjectPercentMin = "summary_subject_percent_min"
    case summaryGroupMin = "summary_group_min"
    case summaryWidthMin = "summary_width_min"
    case summaryWidthPercent = "summary_width_percent"
    case summaryLatenessDays = "summary_lateness_days"
    case summaryEpsilonMilli = "summary_epsilon_milli"
    case summaryNoiseBound = "summary_noise_bound"
    case summaryEpsilonYearMilli = "summary_epsilon_year_milli"

    /// Whether the value is a list of codes, and not a whole number.
    private var isList: Bool {
        switch self {
        case .purposes, .forbiddenInside, .allowedToEmployer: true
        default: false
        }
    }

    /// Whether a set may be silent: noise is added to summaries only where a set asks for it, and the
    /// history that temporal blocks see is theirs.
    private var isOptional: Bool {
        switch self {
        case .historyDays, .historyOfEverybody, .summaryEpsilonMilli,
            .summaryNoiseBound, .summaryEpsilonYearMilli:
            true
        default: false
        }
    }

    /// The greatest value; what a purge leaves must be enough for it.
    private var numberMax: Int {
        self == .appointmentDays ? StandingEntries.appointmentDaysMax : .max
    }

    /// Looks whether a manifest says every parameter that is needed, and none that nothing reads.
    ///
    /// - Parameters:
    ///   - manifest: The manifest, which was read without fault.
    ///   - archive: The files of the set, whose sheets name parameters as `$name`.
    ///   - faults: Gets what is missing, of the wrong kind, or unknown.
    static func check(
        _ manifest: PolicySetManifest, _ archive: PolicyArchive, _ faults: inout [Diagnostic]
    ) {
        for parameter in allCases {
            guard let value = manifest.parameters[parameter.rawValue] else {
                if !parameter.isOptional {
                    faults.append(fault(.missingKey, parameter.rawValue, manifest))
                }
                continue
            }
            let isTooLarge = value.number.map { $0 > parameter.numberMax } ?? false
            if (value.number == nil) != parameter.isList || isTooLarge {
                faults.append(fault(.wrongValue, parameter.rawValue, manifest))
            }
        }
        let named = namesInSheets(archive)
        // A set without sheets, as one on trial is, may keep their parameters.
        guard !named.isEmpty else { return }
        for name in manifest.parameters.keys.sorted()
        where EngineParameter(rawValue: name) == nil && !named.contains(name) {
            faults.append(fault(.unknownKey, name, manifest))
        }
    }

    private static func fault(
        _ code: PolicySetError.Code, _ name: String, _ manifest: PolicySetManifest
    ) -> Diagnostic {
        let place =
            manifest.parameterPlaces[name] ?? manifest.parameterPlaces[""]
            ?? .file(PolicySetManifest.fileName)
        return PolicySetError(code, "parameters.\(name)", at: place).diagnostic
    }

    /// The names after a dollar sign in the sheets.
    private static func namesInSheets(_ archive: PolicyArchive) -> Set<String> {
        var names: Set<String> = []
        for file in archive.files where SheetReader.isRuleFile(file.path) {
            for part in file.bytes.split(separator: UInt8(ascii: "$")).dropFirst() {
                let name = part.prefix {
                    $0 == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0
                        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                }
                names.insert(String(decoding: name, as: UTF8.self))
            }
        }
        return names
    }
}
