// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import Glibc
import LogStorage
import Reporting
import TransparencyLog

/// Makes an empty log, its keys and its first entry.
struct LogInit: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "init",
            abstract: LocalizedText(
                fr: "Créer un journal, ses clés et sa première entrée.",
                en: "Make a log, its keys and its first entry."),
            discussion: LocalizedText(
                fr: """
                    La clé privée est écrite à côté du journal, jamais dedans\u{202F}: le journal peut \
                    être servi, la clé non. Portez la clé de secours ailleurs.
                    """,
                en: """
                    The private key is written beside the log, never in it: the log may be served, the \
                    key may not. Move the recovery key to another place.
                    """))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier du journal, vide ou absent.",
            en: "The folder of the log; it must be empty or absent."))
    var log: String

    @Option(
        help: ArgumentHelp(
            fr: "Le nom du journal, par exemple `vigie.example/pilote`.",
            en: "The log's name, for example `vigie.example/pilote`."))
    var origin: String

    @Option(
        help: ArgumentHelp(
            fr: "Où va la clé privée\u{202F}; JOURNAL.key par défaut.",
            en: "Where the private key goes; LOG.key by default."))
    var keyOut: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                Créer la clé dans un jeton de sécurité, qui signe avec elle\u{202F}: une URI \
                PKCS\u{A0}#11 avec `token`, `module-path` et `pin-source`.
                """,
            en: """
                Make the key in a security token, which signs with it: a PKCS #11 URI with \
                `token`, `module-path` and `pin-source`.
                """))
    var token: String?

    @Option(
        help: ArgumentHelp(
            fr: "La plus courte conservation, en jours.",
            en: "The shortest retention, in days."))
    var retentionMin = 180

    @Option(
        help: ArgumentHelp(
            fr: "La plus longue conservation, en jours.",
            en: "The longest retention, in days."))
    var retentionMax = 365

    @OptionGroup var trial: TrialOptions

    func validate() throws {
        let beside = WriterOptions.trimmed(log)
        guard !log.isEmpty else {
            throw UsageError(
                fr: "un chemin vide ne nomme aucun dossier", en: "an empty path names no folder")
        }
        if let keyOut,
            (keyOut + "/").hasPrefix(beside + "/") || Self.others(beside).contains(keyOut)
        {
            throw UsageError(
                fr:
                    "`--key-out` ne peut nommer ni le journal, ni un fichier en lui, ni une autre clé",
                en: "`--key-out` can name neither the log, nor a file in it, nor another key")
        }
        guard (1...retentionMax).contains(retentionMin), retentionMax <= 1_095 else {
            throw UsageError(
                fr: "`--retention-min` et `--retention-max` ne font pas une durée de conservation",
                en: "`--retention-min` and `--retention-max` are not a retention")
        }
    }

    func perform(on console: Console) throws -> Verdict {
        let openedAt = try LogClock.checked(WriterOptions.clock(), for: log)
        let beside = WriterOptions.trimmed(log)
        let keyPath = keyOut ?? beside + ".key"
        if trial.dryRun {
            return try foresee([keyPath] + Self.others(beside), console)
        }
        let key =
            try token.map { try TokenKeyFile.make($0, name: origin, at: keyPath) }
            ?? LogSigningKey(name: origin, key: .generate())
        let recovery = try LogSigningKey(name: origin, key: .generate())
        let genesis = LogGenesis.submission(
            key: key.verificationKey, recoveryKey: recovery.verificationKey,
            retentionDays: retentionMin...retentionMax, openedAt: openedAt)
        // Keys first: a log whose key could not be kept would be lost for writing.
        let own = key.key.hasSeed ? [(key.privateText, keyPath, true)] : []
        let files = try write(
            own + [
                (recovery.privateText, beside + ".recovery.key", true),
                (key.verificationKey.text, beside + ".vkey", false),
            ])
        do {
            let appender = try LogAppender(
                log, key: key, genesis: Submission(genesis),
                options: .init(clock: WriterOptions.clock))
            try appender.sign()
        } catch {
            if !maySign(error) { files.forEach(Self.remove) }
            throw error
        }
        if console.format == .json {
            try console.write(document: [
                trial.member, ("key", .string(key.verificationKey.text)),
            ])
        } else {
            try console.write(key.verificationKey.text + "\n")
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: journal créé, clé publique dans \(beside).vkey.",
                en: "Verdict: log made, public key in \(beside).vkey."))
    }

    /// The key files that are beside the log, wherever the private key goes.
    private static func others(_ beside: String) -> [String] {
        [beside + ".recovery.key", beside + ".vkey"]
    }

    /// Names the files that would be made; the keys themselves are made only when they are kept.
    private func foresee(_ keys: [String], _ console: Console) throws -> Verdict {
        // The name must be one that a key may have.
        _ = try LogSigningKey(name: origin, key: .generate())
        if let token { try TokenKeyFile.check(token) }
        for path in keys { try KeyFile.requireFree(path) }
        try LogAppender.requireRoom(at: log)
        if console.format == .json {
            try console.write(document: [
                trial.member, ("log", .string(log)),
                ("key_files", .array(keys.map { .string($0) })),
            ])
        } else {
            for path in [log] + keys { try console.write(path + "\n") }
        }
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Verdict\u{202F}: le journal \(origin) serait créé, avec les fichiers de clés \
                    montrés. Rien n’a changé.
                    """,
                en: """
                    Verdict: the log \(origin) would be made, with the key files printed. Nothing was \
                    changed.
                    """))
    }

    /// Whether something may have been signed with the new keys before the log could not be made.
    private func maySign(_ error: any Error) -> Bool {
        // What is there was there before.
        if (error as? StorageError)?.code == .exists { return false }
        guard let names = try? FolderReader.names(in: log) else {
            var status = stat()
            // A folder that cannot be read may hold a checkpoint; no folder, or a file, holds none.
            return unsafe stat(log, &status) == 0
                ? status.st_mode & S_IFMT == S_IFDIR : errno != ENOENT
        }
        return names.contains("checkpoint")
    }

    /// Writes all key files or none; one that is there is never written over.
    ///
    /// - Returns: Their paths.
    private func write(
        _ keys: [(text: String, path: String, isPrivate: Bool)]
    ) throws(StorageError) -> [String] {
        var written: [String] = []
        do throws(StorageError) {
            for key in keys {
                try KeyFile.write(key.text, to: key.path, isPrivate: key.isPrivate)
                written.append(key.path)
            }
        } catch {
            written.forEach(Self.remove)
            throw error
        }
        return written
    }

    private static func remove(_ path: String) { _ = unsafe unlink(path) }
}
