// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
import Glibc

/// How a run goes on from the last one, and what it leaves for the next.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: """
                Partir de l’état que le dernier audit consigné a laissé dans ce fichier\u{202F}; \
                avec --record, y laisser le nouveau.
                """,
            en: """
                Go on from the state that the last recorded run left in this file; with --record, \
                leave the new state there.
                """))
    var checkpoint: String?

    @Flag(
        help: ArgumentHelp(
            fr: "Tout relire, quoi que contienne le fichier de --checkpoint.",
            en: "Read everything again, whatever the file of --checkpoint holds."))
    var full = false

    @Flag(
        help: ArgumentHelp(
            fr: """
                Consigner l’audit au journal\u{202F}: `check.start` avant, `check.complete` ou \
                `check.fail` après. Un état n’est cru que si le journal le consigne.
                """,
            en: """
                Record the run in the log: `check.start` before, `check.complete` or `check.fail` \
                after. A state is believed only if the log records it.
                """))
    var record = false

    @Option(
        help: ArgumentHelp(
            fr: """
                Avec --record ou --as, le fichier de la clé privée\u{202F}; JOURNAL.key, ou le \
                secret de ce nom, par défaut.
                """,
            en: """
                With --record or --as, the file of the private key; LOG.key, or the credential of \
                that name, by default.
                """))
    var signingKey: String?

    func validate() throws {
        guard checkpoint?.isEmpty != true else {
            throw UsageError(
                fr: "`--checkpoint` demande le chemin d’un fichier",
                en: "`--checkpoint` needs the path of a file")
        }
    }

    /// The bytes that the last run left; nil if there are none, or if they are not wanted.
    func savedState() throws -> [UInt8]? {
        guard let checkpoint, !full, unsafe access(checkpoint, F_OK) == 0 else { return nil }
        return try TextFile.read(checkpoint, byteCountMax: 1 << 30)
    }

    /// Puts a state in its file, for the account of the nightly run alone: it holds pseudonyms.
    func leave(_ state: [UInt8]) throws {
        guard let checkpoint else { return }
        try TextFile.write(bytesTo: checkpoint, mode: 0o600) { try $0(state) }
    }

    /// SHA-256 of the program that runs; nil where no state is kept.
    func program() throws -> SHA256Digest? {
        guard checkpoint != nil else { return nil }
        return SHA256Hasher().hash(try TextFile.read("/proc/self/exe", byteCountMax: 1 << 30))
    }
}
