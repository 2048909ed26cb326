// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import Diagnostics
import TransparencyLog

/// Puts together what the workers found, in the order of the log, whatever the parts were.
struct AuditMerge {
    let setting: AuditSetting
    private var findings: [Finding] = []
    private var counts = AuditResult.Counts()
    private var earliest = Int64.max
    private var latest = Int64.min
    private var missing: [SHA256Digest: Finding] = [:]
    private var failing: [String: Finding] = [:]
    private var jumps: [Finding] = []
    private var declaredGaps: [EntryJudge.DeclaredGap] = []
    private var waivers = WaiverLedger()
    private var open: [OpenMatter] = []
    private var doubts: [OpenMatter] = []
    private var rules: [AuditResult.RuleUse] = []
    private var reviews: [ReviewEntry] = []

    init(_ setting: AuditSetting) {
        self.setting = setting
    }

    /// Takes in what one worker found.
    mutating func add(_ part: AuditPart) {
        findings += part.findings
        counts.add(part.counts)
        earliest = Swift.min(earliest, part.earliest)
        latest = Swift.max(latest, part.latest)
        addDoubts(part.doubts)
        func earlier(_ left: Finding, _ right: Finding) -> Finding { Swift.min(left, right) }
        missing.merge(part.missing, uniquingKeysWith: earlier)
        failing.merge(part.failing, uniquingKeysWith: earlier)
        jumps += part.jumps
        declaredGaps += part.declaredGaps
        waivers.add(part.waivers)
        reviews += part.reviews
    }

    /// Where no state is known at all, the first doubt of each rule is told.
    private mutating func addDoubts(_ others: [OpenMatter]) {
        guard setting.past?.leftState == false else { return doubts += others }
        for doubt in others {
            let isKnown = doubts.contains { $0.policy.utf8.elementsEqual(doubt.policy.utf8) }
            if !isKnown { doubts.append(doubt) }
        }
    }

    /// Takes in what the rules over time found; called once, after every part.
    ///
    /// Two sheets of one rule may hold of one entry: that is one finding, which says both.
    mutating func add(_ outcome: OverTimeAudit.Outcome) {
        open = outcome.open
        rules = outcome.rules
        var places: [String: Int] = [:]
        for place in findings.indices { places[findings[place].id] = place }
        let inOrder = outcome.findings.sorted {
            $0 < $1 || !($1 < $0) && $0.policies.lexicographicallyPrecedes($1.policies)
        }
        for finding in inOrder {
            if let place = places[finding.id] {
                findings[place].absorb(finding)
            } else {
                places[finding.id] = findings.count
                findings.append(finding)
            }
        }
    }

    /// Names the entries that made temporal blocks hold in what they forbid, or the time that was
    /// searched.
    mutating func addBlockEvidence(_ log: VerifiedLog) throws {
        for judge in setting.judges.values where judge.hasBlocks {
            var wanted: [UInt64: [Int]] = [:]
            for finding in findings where finding.policyVersion == judge.folder.version {
                let blocks = finding.policies.flatMap { judge.folder.blocks(of: $0) }
                if !blocks.isEmpty { wanted[finding.entry.index, default: []] += blocks }
            }
            guard let replay = BlockReplay(setting, judge) else { continue }
            let found = try replay.evidence(of: wanted, log)
            let references = try EntryJudge.references(
                Set(found.values.flatMap(\.entries)), in: log)
            for place in findings.indices {
                let finding = findings[place]
                guard finding.policyVersion == judge.folder.version,
                    finding.policies.contains(where: { !judge.folder.blocks(of: $0).isEmpty }),
                    let evidence = found[finding.entry.index]
                else { continue }
                let others = evidence.entries.filter { $0 != finding.entry.index }
                findings[place].evidence = Set(finding.evidence + others).sorted()
                findings[place].witnesses = evidence.entries.compactMap { references[$0] }
                if others.isEmpty {
                    let end = finding.occurredAt
                    findings[place].searched = end - evidence.reach * 1_000...end
                }
            }
        }
    }

    /// The result of the whole audit.
    consuming func result(head: SHA256Digest, treeSize: UInt64) -> AuditResult {
        escalate()
        addJumps()
        findings += missing.values
        findings += failing.values
        findings.sort()
        let folder = setting.reference?.folder ?? setting.judges.values.first?.folder
        let (granted, about) = waivers.apply(
            to: &findings, end: latest,
            countMax: folder?.number(.waiverFindingsMax) ?? 0)
        for finding in about {
            // What the waiver covered before the purge is not known.
            if finding.rule == "W02", setting.past?.contains(finding.entry.index) == true {
                open.append(OpenMatter(unknown: finding))
            } else {
                findings.append(finding)
            }
        }
        var result = AuditResult(head: head, treeSize: treeSize)
        result.waivers = granted
        result.open = (open + doubts).sorted()
        result.rules = rules
        result.reviews = reviews
        result.findings = findings.sorted().map { $0.masked(unless: setting.namesActors) }
        result.counts = counts
        if earliest <= latest { result.period = earliest...latest }
        result.missingVersions = missing.keys.sorted()
        result.namesActors = setting.namesActors
        result.policyVersions = setting.registry.policies.filter(\.isActivation).map {
            AuditResult.PolicyVersion(
                hash: $0.hash, label: setting.judges[$0.hash]?.folder.label,
                activatedAt: $0.moment.time, activationIndex: $0.moment.index)
        }
        let last = result.policyVersions.last.flatMap { setting.judges[$0.hash] }
        result.policySetName = (last ?? setting.reference)?.folder.name
        return result
    }

    /// Raises unexplained accesses (R15) to high from the fifth of one actor within seven days:
    /// those before it were not yet a series.
    private mutating func escalate() {
        guard let folder = setting.reference?.folder ?? setting.judges.values.first?.folder else {
            return
        }
        let limit = folder.number(.outsidePortfolioHigh)
        let days = Int64(folder.number(.outsidePortfolioDays))
        var byActor: [String: [Int]] = [:]
        for place in findings.indices where findings[place].rule == "R15" {
            guard case .shown(let actor) = findings[place].actor else { continue }
            byActor[actor, default: []].append(place)
        }
        for places in byActor.values where places.count >= limit && limit > 0 {
            let sorted = places.sorted {
                let (left, right) = (findings[$0], findings[$1])
                return left.occurredAt != right.occurredAt
                    ? left.occurredAt < right.occurredAt : left.entry.index < right.entry.index
            }
            for position in (limit - 1)..<sorted.count {
                let first = findings[sorted[position - limit + 1]].occurredAt
                let span = findings[sorted[position]].occurredAt - first
                if span <= days * FactReader.dayMilliseconds {
                    findings[sorted[position]].severity = .high
                }
            }
        }
    }

    /// Reports the jumps of the sources' counters that nobody declared (R36).
    private mutating func addJumps() {
        for var jump in jumps {
            guard let found = setting.sourceFindings[jump.entry.index] else { continue }
            let (first, last) = (found.numbers.lowerBound, found.numbers.upperBound)
            let isDeclared = declaredGaps.contains {
                $0.source.utf8.elementsEqual(found.source.utf8) && $0.first >= 0
                    && UInt64($0.first) <= first && last <= UInt64(Swift.max(0, $0.last))
            }
            if isDeclared { continue }
            let range = first == last ? "\(first)" : "\(first)–\(last)"
            jump.explanation =
                switch found.kind {
                case .gap:
                    LocalizedText(
                        fr:
                            "Les numéros \(range) de la source \(found.source) ne sont jamais venus.",
                        en: "Numbers \(range) of source \(found.source) never came.")
                case .repetition:
                    LocalizedText(
                        fr:
                            "Les numéros \(range) de la source \(found.source) sont venus deux fois.",
                        en: "Numbers \(range) of source \(found.source) came twice.")
                }
            findings.append(jump)
        }
    }
}

extension Finding {
    /// Takes in what else the same rule says of the same entry.
    mutating func absorb(_ other: Finding) {
        if other.severity > severity {
            (severity, title, basis) = (other.severity, other.title, other.basis)
        }
        policies += other.policies
        explanation = LocalizedText(
            fr: "\(explanation.french) \(other.explanation.french)",
            en: "\(explanation.english) \(other.explanation.english)")
        evidence = Set(evidence + other.evidence).sorted()
        let known = Set(witnesses.map(\.index))
        witnesses += other.witnesses.filter { !known.contains($0.index) }
        witnesses.sort { $0.index < $1.index }
        searched = searched ?? other.searched
    }

    /// The finding without its actor, where actors may not be named (rule R21).
    func masked(unless namesActors: Bool) -> Finding {
        guard !namesActors, case .shown = actor else { return self }
        var finding = self
        finding.actor = .masked
        return finding
    }
}

extension AuditResult.Counts {
    /// Adds the counts of another part of the log.
    mutating func add(_ other: AuditResult.Counts) {
        entries += other.entries
        accesses += other.accesses
        judgedAccesses += other.judgedAccesses
        notJudgedAccesses += other.notJudgedAccesses
        governanceActs += other.governanceActs
        explainedAccesses += other.explainedAccesses
    }
}
