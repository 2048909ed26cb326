// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditEvents
import Auditing
import Conduct
import Cryptography
import Diagnostics
import Disclosure
import Glibc
import LogStorage
import SummaryPages
import TransparencyLog

/// A correction to be made: of which release, and why.
struct CorrectionRequest {
    /// The hash of the release, or the beginning of it, eight digits at least.
    var release: String
    /// The reason, as a code.
    var reason: String
}

/// Everything that a summary is made of: the verified log, the request, the releases so far.
struct SummaryWorkbench {
    let log: String
    let entries: VerifiedLog
    let request: RequestRecord
    let ledger: ReleaseLedger
    let document: SummaryDocument

    /// Verifies the log, audits it, counts, and decides what is shown.
    ///
    /// - Parameters:
    ///   - options: The log and the policies.
    ///   - reference: The request; nil for a correction, which answers that of its release.
    ///   - correction: What is corrected, and why.
    ///   - console: What the command finds around it.
    /// - Throws: Any error of the log, the policies or the disclosure.
    init(
        _ options: SummaryOptions, request reference: String?,
        correcting correction: CorrectionRequest? = nil, on console: Console
    ) throws {
        log = WriterOptions.trimmed(options.writer.log)
        let folder = try FolderReader.policySet(options.policies)
        let auditor = try Auditor(folders: [folder] + Self.copies(log), reference: folder)
        let (found, known, past) = try options.read(by: auditor, on: console)
        entries = found.entries
        let (requests, releases) = (past.requests, past.releases)
        let ledger = try Self.ledger(releases, in: log)
        self.ledger = ledger
        let corrected = try correction.map { correction in
            guard correction.release.utf8.count >= 8,
                let place = releases.lastIndex(where: { $0.hasPrefix(correction.release) })
            else { throw CommandError(code: .notFound, fact: correction.release) }
            return (hash: releases[place], release: ledger.releases[place])
        }
        let wanted = reference ?? corrected?.release.request ?? ""
        guard var request = requests.last(where: { $0.reference == wanted }) else {
            throw CommandError(code: .notFound, fact: wanted)
        }
        if let corrected {
            request.tables = corrected.release.tables.filter { !TableMenu.states.contains($0) }
            guard !request.tables.isEmpty else {
                throw DisclosureError(
                    .unknownTable, corrected.release.tables.joined(separator: ","))
            }
        }
        self.request = request
        var corrections = ledger.corrections
        if let corrected {
            corrections.append(
                ReleaseLedger.Correction(
                    corrected.release.period, number: corrections.count + 1,
                    treeSize: entries.treeSize))
        }
        let counter = EntryCounter(
            ContributorCount(
                frozen: ledger.frozenPieces, corrections: corrections,
                regions: Self.regions(found.registry)))
        // What a purge left of the past is no count of it.
        if known != nil { try entries.replay { if !$0.isLeft { counter.count($0) } } }
        let result =
            try known
            ?? auditor.audit(found, workers: LogOptions.processorCount) {
                if !$0.isLeft { counter.count($0) }
            }
        var count = counter.result
        try count.count(Self.families(result), in: entries)
        let states = ([request.period] + ledger.releases.map(\.period)).flatMap {
            $0.months + [ReportingPeriod(lastMonthOf: $0)]
        }
        let counts = count.finish(months: Array(Set(states)))
        var document = try Self.document(
            request, entries, counts, (ledger, corrections.count), folder, in: log)
        if let correction, let corrected {
            document.correction = (corrected.hash, correction.reason)
        }
        let end = request.period.milliseconds.upperBound
        document.openWaivers = result.waivers.filter { $0.period.contains(end - 1) }
            .map { ($0.rule, $0.period.lowerBound, $0.period.upperBound) }
        self.document = document
    }

    /// The families of findings, by the entry that they are about.
    private static func families(_ result: AuditResult) -> [UInt64: [UInt8]] {
        result.findings.reduce(into: [:]) { families, finding in
            families[finding.entry.index, default: []].append(
                Topic.code(ofRule: finding.rule, severity: finding.severity.rawValue))
        }
    }

    /// The regions that the pilot ever had.
    static func regions(_ registry: Registry) -> Set<String> {
        let end = AsOf(Moment(time: .max, index: .max))
        let regions = registry.pilotState(end)?.regions ?? []
        return Set(regions.map { registry.interner.string($0) })
    }

    static func copies(_ log: String) throws -> [PolicySetFolder] {
        let kept = log + "/policies"
        guard unsafe access(kept, F_OK) == 0 else { return [] }
        return try FolderReader.names(in: kept).compactMap {
            // What a copy that cannot be read would have judged is reported as not judged.
            try? FolderReader.policySet("\(kept)/\($0)")
        }
    }

    /// The releases, each read from its file and held against what the log says of it.
    private static func ledger(_ hashes: [String], in log: String) throws -> ReleaseLedger {
        var ledger = ReleaseLedger()
        for hash in hashes {
            let broken = DisclosureError(.brokenLedger, String(hash.prefix(16)))
            let path = "\(log)/summaries/\(hash)"
            guard let note = try? TextFile.read(path + ".note"),
                let json = try? TextFile.read(path + ".json"),
                SHA256Hasher().hash(note).hex == hash,
                let signed = try? SignedNote(parsing: note),
                let statement = SummaryStatement(parsing: signed.text),
                statement.digests["data"] == SHA256Hasher().hash(json)
            else { throw broken }
            let text = String(decoding: json, as: UTF8.self)
            let name = "\(statement.perimeter) \(statement.period) (\(hash.prefix(8)))"
            ledger.add(try Release(parsing: text, name: name))
        }
        return ledger
    }

    private static func document(
        _ request: RequestRecord, _ entries: VerifiedLog, _ counts: BaseCounts,
        _ past: (ledger: ReleaseLedger, vintage: Int), _ folder: PolicySetFolder, in log: String
    ) throws -> SummaryDocument {
        let rules = DisclosureRules { folder.parameters[$0]?.number }
        let end = request.period.milliseconds.upperBound
        guard end + Int64(rules.latenessDays) * 86_400_000 <= counts.recordedUntil else {
            throw DisclosureError(.openPeriod, request.period.text)
        }
        try entries.requireWhole(request.period)
        let menu = TableMenu(
            request.perimeter, request.period, places: counts.places, vintage: past.vintage)
        let layouts = try request.tables.map { try menu.table($0) }
        var noise: KeyedNoise?
        if rules.epsilonMilli > 0 {
            noise = KeyedNoise(
                key: try SummarySecret(of: log).key("noise"), bound: rules.noiseBound,
                epsilonMilli: rules.epsilonMilli)
        }
        let figures = try SummaryComputation(
            counts, rules: rules, ledger: past.ledger, noise: noise
        ).figures(layouts)
        let head = entries.checkpoint
        var document = SummaryDocument(
            request: request.reference, body: request.role, perimeter: request.perimeter,
            period: request.period, head: (head.origin, head.treeSize, head.rootHash))
        document.epsilonMilli = try past.ledger.spend(
            Array(figures.keys), rules, by: (request.role, request.perimeter), in: request.period)
        document.recordedUntil = counts.recordedUntil
        document.policyTitle = folder.title
        document.policyVersion = folder.version.hex
        // A rule may have several sheets: `R30-total` is one of R30.
        document.ruleTitles = Dictionary(
            folder.rules.sorted { $0.key < $1.key }.map {
                (String($0.key.prefix { $0 != "-" }), $0.value.title)
            }, uniquingKeysWith: { first, _ in first })
        document.rules = rules
        document.parameters = DisclosureRules.parameters.map { name, path in
            let given = folder.parameters[name]
            return SummaryDocument.Parameter(
                name: name, value: rules[keyPath: path],
                provenance: given?.provenance.rawValue ?? "assumption", basis: given?.basis ?? "–")
        }
        document.licenceCap = folder.licenceCap
        document.lateCount = counts.lateCount
        document.chronicle = counts.chronicle
        document.sourceDays = counts.sourceDays
        document.tables = layouts.map { SummaryDocument.Table($0, figures) }
        return document
    }
}

extension VerifiedLog {
    /// Refuses a period of which entries were purged: its figures would be too small.
    func requireWhole(_ period: ReportingPeriod) throws(DisclosureError) {
        guard let hidden, period.milliseconds.lowerBound < hidden.before else { return }
        throw DisclosureError(.purgedPeriod, period.text)
    }
}
