// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import TransparencyLog

/// A log directory could not be read or written.
public struct StorageError: Diagnosable, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// There is no such file or directory.
        case notFound = "LOG301"
        /// The system refuses access.
        case permission = "LOG302"
        /// The device is full, or a quota or a size limit is reached.
        case full = "LOG303"
        /// Another process is writing the log.
        case locked = "LOG304"
        /// Reading or writing failed.
        case inputOutput = "LOG305"
        /// The directory already holds something.
        case exists = "LOG306"
        /// An earlier write failed, and nothing more is accepted.
        case stopped = "LOG307"
        /// What was signed cannot be found again: a restored backup, or lost files.
        case behindSignature = "LOG308"
        /// A file that was signed over no longer has the signed content.
        case altered = "LOG309"
        /// The key is not the one that signs this log.
        case wrongKey = "LOG310"
        /// A private key, or the PIN of a token, that others than its owner may read.
        case exposedKey = "LOG311"
        /// The file of a private key does not hold one.
        case malformedKey = "LOG312"
        /// The file of a retention policy does not hold one.
        case malformedPolicy = "LOG313"
        /// A purge is asked for before the retention has passed, or by one person alone.
        case tooEarly = "LOG314"
        /// A mirror holds another log than the one to be published, or more of it.
        case forkedMirror = "LOG315"
        /// A restoration is asked for that is not one, or by one person alone.
        case notRestorable = "LOG316"
        /// A security token does not give the key, or does not do what it is asked.
        case tokenRefused = "LOG317"
        /// One person asks for what takes two, and approves it.
        case decidedAlone = "LOG318"
        /// The key is not the one that the log named for recovery when it was opened.
        case notRecoveryKey = "LOG319"
        /// Who asks, or who approves, is not named by a pseudonym.
        case notPseudonym = "LOG320"
        /// The machine's clock is at an instant that no entry can be recorded at.
        case impossibleClock = "LOG321"
        /// The key is a credential of the service manager, of which a copy alone is here.
        case credential = "LOG322"
        /// A folder, a pipe or a device, where a plain file is wanted.
        case notAFile = "LOG323"
        /// The file holds more than any of its kind may.
        case tooLarge = "LOG324"
    }

    /// The kind of failure.
    public var code: Code
    /// The file concerned.
    public var path: String
    /// The system's error number; 0 if the system said nothing.
    public var systemError: Int32
    /// The line concerned, from 1; nil if it is the file as a whole.
    public var line: Int?
    /// Of a purge that is asked for too early: the latest instant before which entries may be purged, in
    /// milliseconds since 1970.
    public var latest: Int64?
    /// Of a file that is too large: how many bytes it may hold.
    public var byteCountMax: Int?

    /// Makes an error from its parts.
    public init(_ code: Code, path: String, systemError: Int32 = 0, latest: Int64? = nil) {
        self.code = code
        self.path = path
        self.systemError = systemError
        self.latest = latest
    }

    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(
            code: code.rawValue,
            place: line.map { .text(file: path, line: $0, column: 1) } ?? .file(path),
            message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        switch code {
        case .notFound: LocalizedText(fr: "fichier introuvable", en: "file not found")
        case .permission: LocalizedText(fr: "accès refusé", en: "permission denied")
        case .full: LocalizedText(fr: "plus de place", en: "no space left")
        case .locked:
            LocalizedText(
                fr: "un autre processus écrit ici", en: "another process writes here")
        case .inputOutput:
            LocalizedText(
                fr: "lecture ou écriture impossible\(because("erreur système"))",
                en: "reading or writing failed\(because("system error"))")
        case .exists:
            LocalizedText(
                fr: "il y a déjà quelque chose à cet endroit",
                en: "there is something at that place already")
        case .stopped:
            LocalizedText(
                fr: "une écriture a échoué, le journal n’accepte plus rien",
                en: "a write failed, the log accepts nothing more")
        case .behindSignature:
            LocalizedText(
                fr: "des entrées déjà signées manquent", en: "entries already signed are missing")
        case .altered:
            LocalizedText(
                fr: "le contenu n’est plus celui qui a été signé",
                en: "the content is no longer what was signed")
        case .wrongKey:
            LocalizedText(
                fr: "cette clé n’est pas celle du journal", en: "this key is not the log's")
        case .exposedKey:
            LocalizedText(
                fr: "d’autres comptes peuvent lire ce secret",
                en: "other accounts may read this secret")
        case .malformedPolicy:
            LocalizedText(
                fr: "ce fichier n’est pas une politique de conservation",
                en: "this file is not a retention policy")
        case .tooEarly:
            LocalizedText(
                fr: "le délai de conservation n’est pas passé à cette date",
                en: "the retention has not passed at that date")
        case .decidedAlone:
            LocalizedText(
                fr: "la même personne demande et approuve",
                en: "the same person asks and approves")
        case .notPseudonym:
            LocalizedText(
                fr: "qui demande et qui approuve se nomment par un pseudonyme d’agent",
                en: "who asks and who approves are named by an employee's pseudonym")
        case .impossibleClock:
            LocalizedText(
                fr: "l’horloge de la machine est avant 1970 ou après 9999",
                en: "the machine's clock is before 1970 or after 9999")
        case .credential:
            LocalizedText(
                fr: """
                    cette clé est un secret que le gestionnaire de services a copié\u{202F}: la suivante \
                    serait perdue au prochain démarrage
                    """,
                en: """
                    this key is a credential that the service manager copied: the next one would be lost \
                    at the next start
                    """)
        case .tooLarge:
            LocalizedText(
                fr: "ce fichier dépasse les \(byteCountMax ?? 0) octets qu’il peut contenir",
                en: "this file is longer than the \(byteCountMax ?? 0) bytes that it may hold")
        case .notAFile:
            LocalizedText(
                fr: "ce n’est pas un fichier ordinaire", en: "this is not a plain file")
        case .notRecoveryKey:
            LocalizedText(
                fr: "cette clé n’est pas la clé de secours de ce journal",
                en: "this is not the recovery key of this log")
        case .forkedMirror:
            LocalizedText(
                fr: "le miroir contient un autre journal, ou davantage",
                en: "the mirror holds another log, or more of it")
        case .notRestorable:
            LocalizedText(
                fr: "rien à reprendre\u{202F}: tout ce qui fut signé est là",
                en: "nothing to restore: all that was signed is there")
        case .tokenRefused:
            LocalizedText(
                fr: "le jeton de sécurité ne donne pas la clé\(because("valeur PKCS #11"))",
                en: "the security token does not give the key\(because("PKCS #11 value"))")
        case .malformedKey:
            LocalizedText(
                fr: "ce fichier ne contient pas de clé privée", en: "this file holds no private key"
            )
        }
    }

    /// The system's number in brackets, where it gave one.
    private func because(_ words: String) -> String {
        systemError == 0 ? "" : " (\(words) \(systemError))"
    }

    private var remedy: LocalizedText {
        switch code {
        case .notFound: LocalizedText(fr: "vérifiez le chemin", en: "check the path")
        case .permission:
            LocalizedText(
                fr: "lancez la commande sous le compte qui possède le fichier",
                en: "run the command as the account that owns the file")
        case .full:
            LocalizedText(
                fr: "libérez de la place, puis relancez la commande",
                en: "free some space, then run the command again")
        case .locked:
            LocalizedText(
                fr: "attendez la fin de l’autre processus", en: "wait for the other process")
        case .inputOutput:
            LocalizedText(
                fr: "contrôlez le disque, puis relancez la commande",
                en: "check the disk, then run the command again")
        case .exists:
            LocalizedText(
                fr: "choisissez un autre chemin, ou un dossier vide",
                en: "choose another path, or an empty folder")
        case .stopped:
            LocalizedText(
                fr: "fermez le journal et rouvrez-le", en: "close the log and open it again")
        case .behindSignature:
            LocalizedText(
                fr: """
                    n’écrivez plus\u{202F}; gardez une copie, prévenez le DPO\u{202F}; si une sauvegarde \
                    est revenue, lancez `vigie log recover --after-restore`
                    """,
                en: """
                    write nothing more; keep a copy, tell the DPO; if a backup came back, run \
                    `vigie log recover --after-restore`
                    """)
        case .altered:
            LocalizedText(
                fr:
                    "n’écrivez plus\u{202F}; lancez `vigie verify`, gardez une copie, prévenez le DPO",
                en: "write nothing more; run `vigie verify`, keep a copy, tell the DPO")
        case .wrongKey:
            LocalizedText(
                fr: """
                    donnez la clé qui signe ce journal\u{202F}; si une sauvegarde d’avant une rotation est \
                    revenue, ou si la clé est perdue, lancez `vigie log recover --after-restore`
                    """,
                en: """
                    give the key that signs this log; if a backup from before a rotation came back, or the \
                    key is lost, run `vigie log recover --after-restore`
                    """)
        case .malformedKey:
            LocalizedText(
                fr: "donnez le fichier de clé que `vigie log init` a créé pour ce journal",
                en: "give the key file that `vigie log init` made for this log")
        case .malformedPolicy:
            LocalizedText(
                fr: "écrivez `retention_days_min: 180` et `retention_days_max: 365`",
                en: "write `retention_days_min: 180` and `retention_days_max: 365`")
        case .tooEarly:
            latestText.map { latest in
                LocalizedText(
                    fr: "donnez `--before \(latest)`, ou un instant plus ancien",
                    en: "give `--before \(latest)`, or an earlier instant")
            }
                ?? LocalizedText(
                    fr: "choisissez une date plus ancienne", en: "choose an earlier date")
        case .decidedAlone:
            LocalizedText(
                fr: "faites approuver par une autre personne", en: "have another person approve")
        case .notPseudonym:
            LocalizedText(
                fr: "donnez à chacun son pseudonyme\u{202F}: A et jusqu’à 12 chiffres hexadécimaux",
                en: "give the pseudonym of each: A and up to 12 hexadecimal digits")
        case .impossibleClock:
            LocalizedText(
                fr: "réglez l’horloge, puis relancez la commande",
                en: "set the clock, then run the command again")
        case .credential:
            LocalizedText(
                fr: """
                    gardez la clé dans un fichier à elle, JOURNAL.key (mode 0600), et retirez le secret de \
                    l’unité\u{202F}; ou ne changez pas de clé
                    """,
                en: """
                    keep the key in a file of its own, LOG.key (mode 0600), and drop the credential from \
                    the unit; or do not rotate
                    """)
        case .tooLarge:
            LocalizedText(
                fr: "donnez le bon fichier, ou remettez à cette place celui qui y était",
                en: "give the right file, or put back the one that was there")
        case .notAFile:
            LocalizedText(
                fr: "donnez un fichier, ou remettez à cette place celui qui y était",
                en: "give a file, or put back the one that was there")
        case .notRecoveryKey:
            LocalizedText(
                fr: "donnez le fichier `.recovery.key` que `vigie log init` a créé pour ce journal",
                en: "give the `.recovery.key` file that `vigie log init` made for this log")
        case .forkedMirror:
            LocalizedText(
                fr:
                    "ne publiez plus\u{202F}; comparez les deux points de contrôle, prévenez le DPO",
                en: "publish nothing more; compare the two checkpoints, tell the DPO")
        case .notRestorable:
            LocalizedText(
                fr: "lancez `vigie log recover` sans `--after-restore`",
                en: "run `vigie log recover` without `--after-restore`")
        case .tokenRefused:
            LocalizedText(
                fr:
                    "branchez le jeton, contrôlez l’URI `pkcs11:` du fichier de clé et le fichier du PIN",
                en: "plug in the token, check the `pkcs11:` URI of the key file and the PIN's file")
        case .exposedKey:
            LocalizedText(
                fr: "lancez `chmod 600` sur ce fichier, puis changez la clé ou le code",
                en: "run `chmod 600` on this file, then change the key or the PIN")
        }
    }

    private var latestText: String? {
        latest.flatMap { Timestamp.range.contains($0) ? Timestamp.format($0) : nil }
    }

    /// The error for a system call's error number.
    static func system(_ number: Int32, path: String) -> StorageError {
        StorageError(Self.code(of: number), path: path, systemError: number)
    }
}
