// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditEvents
import Auditing
import Cedar
import Conduct
import Cryptography
import Diagnostics
import Disclosure
import Glibc
import LogStorage
import TransparencyLog

/// Gives the council's expert the accesses of a period, row by row, under a dated mandate.
struct SummaryRows: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rows",
            abstract: LocalizedText(
                fr: "Extraire des lignes sous pseudonyme pour l’expert du CSE, sous un mandat.",
                en: "Extract pseudonymised rows for the expert of the council, under a mandate."),
            discussion: LocalizedText(
                fr: """
                    Les pseudonymes sont propres au mandat\u{202F}: deux extraits sous deux mandats ne \
                    peuvent être rapprochés. Une ligne dit la semaine et non l’heure, et ne nomme ni \
                    demandeur d’emploi, ni employeur, ni offre. L’extrait est une entrée du journal \
                    avant d’être écrit.
                    """,
                en: """
                    Pseudonyms are keyed by the mandate: two extracts under two mandates cannot be \
                    joined. A row tells the week and not the hour, and no job seeker, employer or \
                    offer. The extract is an entry of the log before it is written.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions
    @OptionGroup var scope: ScopeOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme de l’expert.",
            en: "The pseudonym of the expert."))
    var requester: String
    private static let role = "CSE_EXPERT"

    func perform(on console: Console) throws -> Verdict {
        let (perimeter, period) = (try scope.asked(), try scope.when())
        let folder = try FolderReader.policySet(scope.policies)
        let found = try writer.verified(on: console)
        let now = AsOf(Moment(time: .max, index: .max))
        guard found.registry.allowsNominativeControl(now) else {
            throw DisclosureError(.rowsLocked)
        }
        let mandate = try Mandate(
            of: requester, as: Self.role, at: WriterOptions.clock(), in: found.entries)
        let response = mandate.decide(
            "summary.rows", perimeter, by: requester, as: Self.role, folder)
        guard response.decision == .allow, let appointment = mandate.index else {
            throw DisclosureError(.notMandated, requester)
        }
        try found.entries.requireWhole(period)
        let log = WriterOptions.trimmed(writer.log)
        let auditor = try Auditor(
            folders: [folder] + SummaryWorkbench.copies(log), reference: folder)
        let findings = try auditor.audit(found, workers: LogOptions.processorCount).findings
        let secret = try SummarySecret(of: log)
        var rows = ExpertRows(
            period, perimeter, key: secret.key("rows/\(appointment)"), findings: findings)
        try found.entries.replay { if !$0.isLeft { rows.add($0) } }
        let text = rows.text
        // The entry first: nothing leaves the log without a trace.
        let appender = try writer.open(on: console)
        var draft = EventDraft("log.export")
        draft[.actorPID] = .text(requester)
        draft[.first] = .integer(Int64(clamping: rows.first ?? 0))
        draft[.last] = .integer(Int64(clamping: rows.last ?? 0))
        draft[.perimeter] = .text(perimeter.text)
        draft[.reference] = .text("cse.appoint/\(appointment)")
        draft[.documentHash] = .digest(SHA256Hasher().hash(Array(text.utf8)))
        try appender.record(draft)
        _ = try appender.sign()
        try console.write(text)
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: extrait pseudonymisé, lignes\u{202F}: \(rows.count).",
                en: "Verdict: pseudonymised extract, rows: \(rows.count)."),
            outputIsData: true)
    }
}

/// The rows of an extract, as a table that spreadsheets open.
struct ExpertRows {
    private let period: ReportingPeriod
    private let perimeter: Perimeter
    private let key: SecretBytes
    private var rules: [UInt64: [String]] = [:]
    private let vocabulary = EventVocabulary()
    private var pseudonyms: [String: String] = [:]
    private var lines: [String] = []
    private(set) var first: UInt64?
    private(set) var last: UInt64?

    var count: Int { lines.count }

    init(
        _ period: ReportingPeriod, _ perimeter: Perimeter, key: SecretBytes, findings: [Finding]
    ) {
        (self.period, self.perimeter, self.key) = (period, perimeter, key)
        for finding in findings { rules[finding.entry.index, default: []].append(finding.rule) }
    }

    mutating func add(_ entry: borrowing VerifiedEntry) {
        guard let type = vocabulary.type(of: entry), type.isAccess,
            period.milliseconds.contains(entry.occurredAt), let pid = entry.string(.actorPID)
        else { return }
        let region = entry.string(.actorRegion) ?? ""
        guard perimeter.region == nil || perimeter.region == region else { return }
        first = first ?? entry.index
        last = entry.index
        let week = ParisTime(milliseconds: entry.occurredAt).date.isoWeek
        let cells = [
            pseudonym(of: pid), "\(week.year)-W" + (week.week < 10 ? "0" : "") + "\(week.week)",
            region, type.name, entry.string(.purpose) ?? "",
            entry.strings(.categories).joined(separator: " "), entry.string(.outcome) ?? "",
            (rules[entry.index] ?? []).joined(separator: " "),
        ]
        lines.append(cells.map(Self.cell).joined(separator: ";"))
    }

    private mutating func pseudonym(of pid: String) -> String {
        if let known = pseudonyms[pid] { return known }
        let code = HMACSHA256.code(of: Array(pid.utf8), key: key).prefix(6)
        let text =
            "X" + code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        pseudonyms[pid] = text
        return text
    }

    /// Codes alone may leave: anything else in a field of the log is shown as a question mark.
    private static func cell(_ text: String) -> String {
        let isCode = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x20
        }
        return isCode && text.first != "-" ? text : "?"
    }

    /// The table: sorted by pseudonym and week, so that the order tells nothing of the hours.
    var text: String {
        let head = "agent;semaine;region;acte;finalite;categories;issue;regles"
        return "\u{FEFF}" + ([head] + lines.sorted()).map { $0 + "\r\n" }.joined()
    }
}

/// The secret beside a log from which the keys of its extracts and of its noise follow.
struct SummarySecret {
    private let secret: SecretBytes

    /// Reads the file `LOG.secret`, or draws it the first time.
    init(of log: String) throws {
        let path = log + ".secret"
        if unsafe access(path, F_OK) != 0 {
            let drawn = try SecretBytes.random(count: 32)
            let digits = drawn.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            try KeyFile.write(digits.joined(), to: path, isPrivate: true)
        }
        guard let digest = SHA256Digest(hex: try KeyFile.readPrivate(path)) else {
            throw CommandError(code: .inputOutput, place: .file(path))
        }
        secret = SecretBytes(digest.bytes)
    }

    /// The key for one use.
    func key(_ use: String) -> SecretBytes {
        KeyDerivation.key(from: secret, info: Array("vigie/summary/1/\(use)".utf8))
    }
}
