// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// Has a checkpoint stamped by a time-stamping authority (RFC 3161), and keeps the time stamp.
struct WitnessAnchor: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "anchor",
            abstract: LocalizedText(
                fr: "Faire horodater un point de contrôle par une autorité d’horodatage.",
                en: "Have a checkpoint stamped by a time-stamping authority."),
            discussion: LocalizedText(
                fr: """
                    Ce qui est horodaté est le point de contrôle gardé sur tout le journal\u{202F}: \
                    celui par lequel `vigie keys rotate` clôt une époque, ou un nouveau si des entrées \
                    ont suivi. L’autorité voit une empreinte et rien d’autre. Une machine sans réseau \
                    écrit la demande dans un fichier avec `--request`, et prend la réponse de \
                    l’autorité dans un autre avec `--response`. La réponse n’est gardée que si elle se \
                    vérifie sous les racines. Avec `--renew`, rien n’est demandé tant que les \
                    certificats du dernier horodatage ne prennent pas bientôt fin\u{202F}; ce qui est \
                    horodaté couvre alors les traces de tous les précédents.
                    """,
                en: """
                    What is stamped is the kept checkpoint over the whole log: the one that `vigie \
                    keys rotate` closes an epoch with, or a new one where entries followed. The \
                    authority sees a digest and nothing else. A machine without network writes the \
                    request to a file with `--request`, and takes the authority's answer from one with \
                    `--response`. The answer is kept only if it verifies under the roots. With \
                    `--renew` nothing is asked unless the certificates of the last time stamp end \
                    soon; what is stamped then covers the records of all earlier ones.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var writer: WriterOptions
    @OptionGroup var asking: ExchangeOptions

    @Option(
        help: ArgumentHelp(
            fr: "L’adresse de l’autorité.",
            en: "The address of the authority."))
    var tsa: String?

    @Option(
        help: ArgumentHelp(
            fr: "Les racines qui doivent mener à l’autorité, en PEM.",
            en: "The roots that must lead to the authority, in PEM."), completion: .file())
    var tsaRoots: String?

    @Option(
        help: ArgumentHelp(
            fr: "Écrire la demande dans ce fichier, et n’interroger personne.",
            en: "Write the request to that file, and ask nobody."), completion: .file())
    var request: String?

    @Option(
        help: ArgumentHelp(
            fr: "Prendre la réponse de l’autorité dans ce fichier.",
            en: "Take the authority's answer from that file."), completion: .file())
    var response: String?

    @Flag(
        help: ArgumentHelp(
            fr: "Seulement là où les certificats du dernier horodatage prennent bientôt fin.",
            en: "Only where the last time stamp's certificates end soon."))
    var renew = false

    @Option(
        help: ArgumentHelp(
            fr: "Avec --renew\u{202F}: combien de jours avant leur fin.",
            en: "With --renew: how many days before they end."))
    var withinDays = 30

    @OptionGroup var trial: TrialOptions

    func validate() throws {
        guard [tsa, request, response].compactMap({ $0 }).count == 1 else {
            throw UsageError(
                fr: "donnez `--tsa`, `--request` ou `--response`, un seul des trois",
                en: "give one of `--tsa`, `--request` and `--response`")
        }
        guard tsaRoots != nil || (request != nil && !renew) else {
            throw UsageError(
                fr: "`--tsa`, `--response` et `--renew` demandent `--tsa-roots`",
                en: "`--tsa`, `--response` and `--renew` take `--tsa-roots`")
        }
        guard !(renew && response != nil), (1...36_500).contains(withinDays) else {
            throw UsageError(
                fr: "`--renew` va avec `--tsa` ou `--request`",
                en: "`--renew` goes with `--tsa` or `--request`")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let roots = try tsaRoots.map { try RootsFile.read($0) }
        // Before the log is sealed for what could then not be asked.
        if let request { try TextFile.requireWritable(request) }
        if let tsa { try asking.exchange(on: console).check(tsa) }
        let desk = AnchorDesk(writer.log)
        let place =
            trial.dryRun
            ? Place.foreseen(try writer.outlook(on: console))
            : Place.open(try writer.open(on: console))
        if renew, let roots, let end = try desk.latest(roots)?.endsAt,
            end - WriterOptions.clock() > Int64(withinDays) * 86_400_000
        {
            return try conclude(nil, Self.nothingDue(end), console)
        }
        if response == nil, case .foreseen(let outlook) = place {
            return try foresee(outlook, desk, console)
        }
        if let request, case .open(let appender) = place {
            let note = try desk.checkpoint(of: appender, mustBeNew: renew)
            let asked = try TimestampRequest(imprint: note.imprint)
            try TextFile.write(bytesTo: request) { try $0(asked.bytes) }
            return try conclude(nil, Self.requested(note.checkpoint.treeSize, request), console)
        }
        guard let roots else { preconditionFailure("what is asked with has its roots") }
        if let tsa, case .open(let appender) = place {
            return try ask(tsa, roots, desk, appender, console)
        }
        let file = response ?? ""
        let bytes = try TextFile.read(file, byteCountMax: TimestampToken.byteCountMax)
        return try Self.believing(file) { () throws in
            let token = try TimestampToken(parsing: bytes)
            let note = try desk.checkpoint(of: token, in: file)
            _ = try token.verify(imprint: note.imprint, roots: roots)
            if case .open(let appender) = place {
                return try keep(token, note, desk, appender, console)
            }
            _ = try desk.isKept(token, over: note.checkpoint.treeSize)
            return try conclude(nil, Self.foreseen(token, note), console)
        }
    }

    /// What is known of the log, or the log itself, where it may be written.
    private enum Place {
        case open(LogAppender)
        case foreseen(LogOutlook)
    }

    private func ask(
        _ url: String, _ roots: TimestampRoots, _ desk: AnchorDesk, _ appender: LogAppender,
        _ console: Console
    ) throws -> Verdict {
        let note = try desk.checkpoint(of: appender, mustBeNew: renew)
        let asked = try TimestampRequest(imprint: note.imprint)
        let answer = try asking.exchange(on: console).post(
            asked.bytes, to: url, contentType: TimestampRequest.mediaType)
        guard answer.status == 200 else {
            throw WitnessFault(.status(answer.status), from: url)
        }
        return try Self.believing(url) { () throws in
            let token = try TimestampToken(parsing: answer.body)
            _ = try token.verify(answering: asked, roots: roots)
            ClockDifference.say(
                of: token.time / 1_000, LocalizedText(fr: "de l’autorité", en: "the authority"),
                on: console)
            return try keep(token, note, desk, appender, console)
        }
    }

    /// Says of a failure to verify whose answer it was.
    private static func believing(
        _ subject: String, _ body: () throws -> Verdict
    ) throws -> Verdict {
        do { return try body() } catch let failure as TimestampFailure {
            throw AnchorFault(failure, subject)
        }
    }

    private func keep(
        _ token: TimestampToken, _ note: CheckpointNote, _ desk: AnchorDesk,
        _ appender: LogAppender, _ console: Console
    ) throws -> Verdict {
        try desk.keep(token, over: note, by: appender)
        let (size, moment) = (note.checkpoint.treeSize, Timestamp.format(token.time))
        return try conclude(
            (size, moment),
            LocalizedText(
                fr: "Verdict\u{202F}: \(size) entrées horodatées au \(moment).",
                en: "Verdict: \(size) entries time-stamped on \(moment)."), console)
    }

    /// Says what would be asked, and of whom.
    private func foresee(
        _ outlook: LogOutlook, _ desk: AnchorDesk, _ console: Console
    ) throws -> Verdict {
        let opened = outlook.openedSize
        // A rotation that is finished first keeps the checkpoint that closes the epoch.
        let isSealed =
            try !renew && outlook.keptSize == opened || desk.isReady(opened, mustBeNew: renew)
        // Sealing is itself recorded, by an entry.
        let size = isSealed ? opened : opened + 1
        if console.format == .json {
            try console.write(
                document: [
                    trial.member, ("size", .integer(Int64(clamping: size))),
                    ("seals", .boolean(!isSealed)),
                ] + outlook.members)
        }
        let entries = LocalizedText.entries(size)
        let state =
            isSealed
            ? LocalizedText(fr: "est scellé", en: "is sealed")
            : LocalizedText(fr: "serait scellé", en: "would be sealed")
        let place =
            request.map { LocalizedText(fr: "serait écrite dans \($0)", en: "be written to \($0)") }
            ?? LocalizedText(fr: "irait à \(tsa ?? "")", en: "go to \(tsa ?? "")")
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: le journal \(state.french) à \(entries.french), et la demande \
                    \(place.french). Rien n’a changé.
                    """,
                en: """
                    Verdict: the log \(state.english) at \(entries.english), and the request would \
                    \(place.english). Nothing was changed.
                    """))
    }

    private static func foreseen(_ token: TimestampToken, _ note: CheckpointNote) -> LocalizedText {
        let entries = LocalizedText.entries(note.checkpoint.treeSize)
        let moment = Timestamp.format(token.time)
        return LocalizedText(
            fr: """
                Verdict\u{202F}: l’horodatage du \(moment) sur \(entries.french) serait gardé. Rien \
                n’a changé.
                """,
            en: """
                Verdict: the time stamp of \(moment) over \(entries.english) would be kept. Nothing \
                was changed.
                """)
    }

    private static func nothingDue(_ end: Int64) -> LocalizedText {
        let moment = Timestamp.format(min(end, Timestamp.range.upperBound))
        return LocalizedText(
            fr: """
                Verdict\u{202F}: rien à renouveler\u{202F}; les certificats valent jusqu’au \(moment).
                """,
            en: "Verdict: nothing to renew; the certificates hold until \(moment).")
    }

    private static func requested(_ size: UInt64, _ file: String) -> LocalizedText {
        LocalizedText(
            fr: "Verdict\u{202F}: requête pour \(size) entrées écrite dans \(file).",
            en: "Verdict: request for \(size) entries written to \(file).")
    }

    private func conclude(
        _ stamped: (size: UInt64, moment: String)?, _ sentence: LocalizedText, _ console: Console
    ) throws -> Verdict {
        if console.format == .json {
            var members = [trial.member]
            if let stamped {
                members.append(("anchored_size", .integer(Int64(clamping: stamped.size))))
                members.append(("anchored_at", .string(stamped.moment)))
            }
            try console.write(document: members)
        }
        return Verdict(status: .complete, sentence: sentence)
    }
}
