// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Diagnostics
import LogStorage
import TransparencyLog

/// Who reads a log, and why.
///
/// Reading the log is itself logged (CNIL 2021-122; rule R37): a command that shows rows of it, or
/// pseudonyms, calls ``record(_:of:signingKey:on:)`` before it shows any. Decision 0042 says which
/// commands do, and what holds on a copy.
public struct ReaderOptions: ParsableArguments {
    /// The pseudonym of who reads.
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            fr: """
                Le pseudonyme de qui lit\u{202F}; il le faut partout où se trouve la clé de \
                signature du journal.
                """,
            en: "The pseudonym of who reads; needed wherever the log's signing key is."))
    public var actor: String?

    /// What the reading is for.
    @Option(
        name: .customLong("case"),
        help: ArgumentHelp(
            fr: "Ce pour quoi on lit\u{202F}: un dossier, une demande, une mission.",
            en: "What it is read for: a case, a request, a mission."))
    public var reason: String?

    /// Makes the options; the parser fills them.
    public init() {}

    /// Checks the form of what was given.
    public func validate() throws {
        guard let actor else { return }
        let digits = actor.utf8.dropFirst()
        guard actor.utf8.first == UInt8(ascii: "A"), digits.count == 12,
            digits.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else {
            throw UsageError.readerPseudonym
        }
    }

    /// Makes sure that a reading can be recorded, before any work is done for it.
    ///
    /// - Returns: The log to record it in; nil on a copy.
    /// - Throws: ``CommandError/Code/readerUnknown`` where the log is signed and it is not said who
    ///   reads and why.
    @discardableResult
    public func check(
        _ log: String, signingKey: String? = nil, on console: Console
    ) throws -> WriterOptions? {
        let key = signingKey.map { ["--key", $0] } ?? []
        let writer = try WriterOptions.parse(key + ["--", WriterOptions.trimmed(log)])
        guard try signingKey != nil || writer.hasKey(on: console) else { return nil }
        guard actor != nil, reason != nil else {
            throw CommandError(code: .readerUnknown, place: .file(log))
        }
        return writer
    }

    /// Records that the log is read, before anything of it is shown.
    ///
    /// Where the log is signed, the entry is on the disk and under a checkpoint when this returns.
    /// On a copy, which nobody can append to, a sentence says that the reading is not recorded.
    ///
    /// - Parameters:
    ///   - entries: The entries that are shown, or that what is shown was made of.
    ///   - log: The folder of the log.
    ///   - signingKey: The file of the key that signs it; `LOG.key`, or the credential, if nil.
    ///   - console: What the command finds around it.
    /// - Throws: ``CommandError/Code/readerUnknown`` where the log is signed and it is not said who
    ///   reads and why; ``LogStorage/StorageError`` if the entry cannot be written. Nothing may be
    ///   shown then.
    public func record(
        _ entries: Range<UInt64>, of log: String, signingKey: String? = nil, on console: Console
    ) throws {
        try record("log.read", entries, of: log, signingKey: signingKey, on: console)
    }

    /// Records that entries leave the log as they are.
    ///
    /// - Throws: As ``record(_:of:signingKey:on:)``.
    public func recordExport(
        _ entries: Range<UInt64>, of log: String, signingKey: String? = nil, on console: Console
    ) throws {
        try record("log.export", entries, of: log, signingKey: signingKey, on: console)
    }

    private func record(
        _ type: String, _ entries: Range<UInt64>, of log: String, signingKey: String?,
        on console: Console
    ) throws {
        guard let writer = try check(log, signingKey: signingKey, on: console) else {
            console.say(
                LocalizedText(
                    fr: """
                        lecture d’une copie\u{202F}: le journal ne se signe pas sur cette machine, qui \
                        ne peut donc pas y consigner la lecture
                        """,
                    en: """
                        reading a copy: the log is not signed on this machine, which cannot record \
                        the reading in it
                        """))
            return
        }
        var draft = EventDraft(type)
        draft[.actorPID] = actor.map { .text($0) }
        draft[.caseRef] = reason.map { .text($0) }
        if let last = entries.last {
            draft[.first] = .integer(Int64(clamping: entries.lowerBound))
            draft[.last] = .integer(Int64(clamping: last))
        }
        let appender = try writer.open(on: console)
        try appender.record(draft)
        try appender.sign()
    }
}

/// Who reads a log, and why, with the key to record it, for commands that have no other use of one.
public struct ReadingOptions: ParsableArguments {
    /// Who reads, and why.
    @OptionGroup public var reader: ReaderOptions

    /// The file of the key that signs the log.
    @Option(
        help: ArgumentHelp(
            fr: """
                Le fichier de la clé privée qui consigne la lecture\u{202F}; JOURNAL.key, ou le \
                secret de ce nom, par défaut.
                """,
            en: """
                The file of the private key that records the reading; LOG.key, or the credential \
                of that name, by default.
                """))
    public var signingKey: String?

    /// Makes the options; the parser fills them.
    public init() {}

    /// Makes sure that the reading can be recorded, before any work is done for it.
    ///
    /// - Throws: As ``ReaderOptions/check(_:signingKey:on:)``.
    public func check(_ log: String, on console: Console) throws {
        try reader.check(log, signingKey: signingKey, on: console)
    }

    /// Records that the log is read, before anything of it is shown.
    ///
    /// - Throws: As ``ReaderOptions/record(_:of:signingKey:on:)``.
    public func record(
        _ entries: Range<UInt64>, of log: String, on console: Console
    ) throws {
        try reader.record(entries, of: log, signingKey: signingKey, on: console)
    }
}
