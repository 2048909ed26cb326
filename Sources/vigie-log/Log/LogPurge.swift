// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Cryptography
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// Deletes entries whose retention has passed.
struct LogPurge: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "purge",
            abstract: LocalizedText(
                fr: "Supprimer les entrées dont la conservation est échue.",
                en: "Delete entries whose retention has passed."),
            discussion: LocalizedText(
                fr: """
                    Les octets des entrées disparaissent\u{202F}; leurs empreintes restent, si bien \
                    que toute entrée, preuve ou signature ultérieure se vérifie encore. Restent aussi les \
                    entrées encore en vigueur (politiques, licences, affectations, accords, \
                    oppositions…), sans lesquelles la suite serait jugée à tort. L’un demande, \
                    l’autre approuve\u{202F}; la politique est un fichier de deux lignes \
                    (`retention_days_min: 180`, `retention_days_max: 365`), dont le journal garde une \
                    copie dans `policies/`. Une purge s’arrête avant la dernière rotation de clé assez \
                    ancienne, pour que chacun voie plus tard que rien de plus récent n’est \
                    parti\u{202F}: changez de clé chaque nuit.
                    """,
                en: """
                    The bytes of the entries go; their hashes stay, so that every later entry, proof \
                    and signature still verifies. So do the entries that are still in force (policies, \
                    licences, assignments, agreements, objections…), without which what follows would \
                    be judged wrongly. One person asks, another approves; the policy is a \
                    file of two lines (`retention_days_min: 180`, `retention_days_max: 365`), of which \
                    the log keeps a copy under `policies/`. A purge ends before the last key rotation \
                    that is old enough, so that anybody can see later that nothing younger went: \
                    rotate the key every night.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions

    @Option(
        help: ArgumentHelp(
            fr: "Les entrées consignées avant cet instant sont purgées.",
            en: "Entries recorded before that instant are purged."))
    var before: String

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de la politique de conservation.",
            en: "The file of the retention policy."))
    var policy: String

    @Option(
        help: ArgumentHelp(
            fr: "Qui demande\u{202F}: un pseudonyme.",
            en: "Who asks: a pseudonym."))
    var requester: String

    @Option(
        help: ArgumentHelp(
            fr: "Qui approuve\u{202F}: un autre.",
            en: "Who approves: another one."))
    var approver: String

    @OptionGroup var trial: TrialOptions

    func perform(on console: Console) throws -> Verdict {
        guard let cutoff = Instant.parse(before) else {
            throw CommandError(code: .badInstant, place: .option("--before"), fact: before)
        }
        let bytes = try TextFile.read(policy, byteCountMax: 1 << 16)
        let parsed = try RetentionPolicy(parsing: bytes, path: policy)
        let archive = PolicyArchive(retentionPolicy: bytes)
        var request = PurgeRequest(
            cutoff: cutoff, policy: parsed, policyHash: archive.version.hex,
            requester: requester, approver: approver)
        if trial.dryRun {
            let (plan, returned) = try request.plan(
                of: writer.log, now: WriterOptions.clock())
            request.standing = try plan.map { try PurgeRequest.Standing(reading: writer.log, $0) }
            return try conclude(
                request, plan?.entries ?? 0..<0, ReturnedEntries(returned, isPlanned: true), console
            )
        }
        let appender = try writer.open(on: console)
        // A purge that is refused leaves nothing behind, not even its policy.
        try appender.checkPurge(request)
        // What is to be purged was signed long ago; the head covers it in any case.
        try appender.sign()
        let returned = ReturnedEntries(try appender.removeReturned())
        var range: Range<UInt64> = 0..<0
        if let plan = try appender.planPurge(before: cutoff) {
            request.standing = try PurgeRequest.Standing(reading: writer.log, plan)
            try appender.storePolicySet(
                archive.version.hex, files: archive.files.map { ($0.path, $0.bytes) })
            range = try appender.purge(request)
        }
        return try conclude(request, range, returned, console)
    }

    private func conclude(
        _ request: PurgeRequest, _ range: Range<UInt64>, _ returned: ReturnedEntries,
        _ console: Console
    ) throws -> Verdict {
        let leftCount = request.standing?.indices.count ?? 0
        if console.format == .json {
            try console.write(document: [
                trial.member, ("purged", .integer(Int64(range.count))),
                ("first", .integer(Int64(clamping: range.lowerBound))),
                ("end", .integer(Int64(clamping: range.upperBound))),
                ("left", .integer(Int64(leftCount))), returned.member,
            ])
        } else {
            try returned.say(on: console)
        }
        return Verdict(status: .complete, sentence: sentence(range, leftCount))
    }

    private func sentence(_ range: Range<UInt64>, _ leftCount: Int) -> LocalizedText {
        guard let last = range.last else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: rien à purger. Une purge s’arrête avant la dernière rotation de \
                    clé assez ancienne, et à un lot de 256 entrées.
                    """,
                en: """
                    Verdict: nothing to purge. A purge ends before the last key rotation that is old \
                    enough, and at a bundle of 256 entries.
                    """)
        }
        let first = range.lowerBound
        guard !trial.dryRun else {
            return LocalizedText(
                fr: """
                    Verdict\u{202F}: les entrées \(first) à \(last) seraient purgées\u{202F}; \
                    resteraient \(leftCount) entrées encore en vigueur. Rien n’a changé.
                    """,
                en: """
                    Verdict: entries \(first) to \(last) would be purged; \(leftCount) entries still \
                    in force would stay. Nothing was changed.
                    """)
        }
        return LocalizedText(
            fr: """
                Verdict\u{202F}: entrées \(first) à \(last) purgées, empreintes gardées\u{202F}; \
                restent \(leftCount) entrées encore en vigueur.
                """,
            en: """
                Verdict: entries \(first) to \(last) purged, hashes kept; \(leftCount) entries still \
                in force stay.
                """)
    }
}

/// An instant on the command line: a day, or a time stamp of the format.
enum Instant {
    /// Milliseconds since 1970; nil if the text is no instant.
    static func parse(_ text: String) -> Int64? {
        let full = text.utf8.count == 10 ? text + "T00:00:00.000Z" : text
        return Timestamp.parse(full)
    }
}
