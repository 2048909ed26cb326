// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason that a command could not do what was asked, found by the command line itself.
public struct CommandError: Diagnosable, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Sendable {
        /// An error that nothing foresaw.
        case unexpected = "CLI101"
        /// A file or folder is not there.
        case notFound = "CLI103"
        /// A file or folder may not be read.
        case notPermitted = "CLI104"
        /// An output file could not be written.
        case cannotCreate = "CLI105"
        /// Reading or writing failed half-way.
        case inputOutput = "CLI106"
        /// The folder is there, and holds no log.
        case notALog = "CLI107"
        /// The log has no entry of that index.
        case noSuchEntry = "CLI108"
        /// The entry was purged: nobody can judge it any more.
        case purgedEntry = "CLI123"
        /// A text given as an instant is not one.
        case badInstant = "CLI109"
        /// The folder given as a policy set is not one.
        case badPolicies = "CLI110"
        /// The file is not an audit's report, or not an answer key.
        case notAReport = "CLI111"
        /// The program that a verb belongs to is not installed beside this one.
        case noCompanion = "CLI112"
        /// The input comes through a pipe, and is too long to be kept until all of it is checked.
        case tooLongToKeep = "CLI113"
        /// The input was changed while it was read.
        case inputChanged = "CLI114"
        /// A file that should hold certificates in PEM holds none, or something else besides.
        case notCertificates = "CLI115"
        /// A file that should hold a text holds other bytes.
        case notText = "CLI116"
        /// A folder, where a file is wanted.
        case notAFile = "CLI117"
        /// A file, where a folder is wanted.
        case notAFolder = "CLI118"
        /// An adviser may not be named yet: the staff body was not consulted, or the staff not told.
        case nominativeControl = "CLI120"
        /// The log is not the one that a saved run judged, or was altered.
        case anotherLog = "CLI122"
        /// The log is signed here, and it is not said who reads it and why.
        case readerUnknown = "CLI121"
        /// The file holds more bytes than one of its kind may.
        case tooLarge = "CLI124"
    }

    /// The kind of failure.
    public var code: Code
    /// Where it is.
    public var place: Place
    /// The user's own words that the message quotes.
    public var fact: String

    /// Makes the error.
    public init(code: Code, place: Place = .nowhere, fact: String = "") {
        (self.code, self.place, self.fact) = (code, place, fact)
    }

    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(code: code.rawValue, place: place, message: message, remedy: remedy)
    }
}

extension CommandError {
    private var message: LocalizedText {
        switch code {
        case .unexpected:
            LocalizedText(
                fr: "erreur imprévue de type `\(fact)`", en: "unexpected error of type `\(fact)`")
        case .notFound:
            LocalizedText(fr: "fichier ou dossier introuvable", en: "no such file or folder")
        case .notPermitted:
            LocalizedText(fr: "lecture refusée par le système", en: "reading is not permitted")
        case .cannotCreate:
            LocalizedText(
                fr: "écriture impossible\(because)", en: "cannot be written\(because)")
        case .inputOutput:
            LocalizedText(
                fr: "lecture ou écriture interrompue\(because)",
                en: "reading or writing failed\(because)")
        case .notALog:
            LocalizedText(fr: "ce dossier n’est pas un journal", en: "this folder is not a log")
        case .noSuchEntry:
            LocalizedText(
                fr: "le journal n’a pas d’entrée \(fact)", en: "the log has no entry \(fact)")
        case .purgedEntry:
            LocalizedText(
                fr: "l’entrée \(fact) a été purgée, et avec elle ce qui permettait de la juger",
                en: "entry \(fact) was purged, and what it was judged by with it")
        case .badInstant:
            LocalizedText(fr: "`\(fact)` n’est pas un instant", en: "`\(fact)` is not an instant")
        case .badPolicies:
            LocalizedText(
                fr: "le dossier de politiques ne peut pas être lu\(because)",
                en: "the policy folder cannot be read\(because)")
        case .notAReport:
            LocalizedText(
                fr: "ce n’est ni un rapport d’audit ni un corrigé",
                en: "neither an audit report nor an answer key")
        case .noCompanion:
            LocalizedText(
                fr: "le programme `\(fact)` n’est pas installé à côté de `vigie`",
                en: "the program `\(fact)` is not installed beside `vigie`")
        case .tooLongToKeep:
            LocalizedText(
                fr: "entrée trop longue pour être contrôlée entière avant l’ajout",
                en: "the input is too long to be checked whole before it is appended")
        case .inputChanged:
            LocalizedText(
                fr: "le fichier a changé pendant sa lecture",
                en: "the file was changed while it was read")
        case .notCertificates:
            LocalizedText(
                fr: "ce fichier ne contient pas que des certificats en PEM",
                en: "the file does not hold certificates in PEM, and nothing else")
        case .notText:
            LocalizedText(
                fr: "ce fichier n’est pas un texte en UTF-8", en: "the file is no text in UTF-8")
        case .notAFile:
            LocalizedText(
                fr: "c’est un dossier, un fichier est attendu",
                en: "this is a folder, and a file is expected")
        case .notAFolder:
            LocalizedText(
                fr: "c’est un fichier, un dossier est attendu",
                en: "this is a file, and a folder is expected")
        case .nominativeControl:
            LocalizedText(
                fr: "question nominative avant la consultation du CSE central et l’information du "
                    + "personnel (L2312-38, L1222-4)",
                en: "a question about one adviser before the central council was consulted and the "
                    + "staff informed (L2312-38, L1222-4)")
        case .anotherLog:
            LocalizedText(
                fr: "ce n’est pas le journal que l’audit a jugé, ou il a été altéré",
                en: "not the log that the run judged, or it was altered")
        case .readerUnknown:
            LocalizedText(
                fr: "lecture du journal sans dire qui lit ni pourquoi\u{202F}: elle doit y être "
                    + "consignée (règle R37)",
                en: "reading the log without saying who reads and why: it has to be recorded in it "
                    + "(rule R37)")
        case .tooLarge:
            LocalizedText(
                fr: "ce fichier dépasse les \(fact) octets qu’il peut contenir",
                en: "this file is longer than the \(fact) bytes that it may hold")
        }
    }

    private var because: String { fact.isEmpty ? "" : " (\(fact))" }

    private var remedy: LocalizedText {
        switch code {
        case .unexpected:
            LocalizedText(
                fr: "signalez ce défaut, avec la commande et ce message",
                en: "report this fault, with the command and this message")
        case .notFound:
            LocalizedText(fr: "vérifiez le chemin", en: "check the path")
        case .notPermitted:
            LocalizedText(
                fr: "lancez la commande avec un compte qui peut lire ce chemin",
                en: "run the command as an account that may read this path")
        case .cannotCreate:
            LocalizedText(
                fr: "choisissez un dossier existant où vous pouvez écrire",
                en: "choose an existing folder that you may write to")
        case .inputOutput:
            LocalizedText(
                fr: "vérifiez le disque, puis recommencez", en: "check the disk, then try again")
        case .notALog:
            LocalizedText(
                fr: "donnez le dossier qui contient `checkpoint` et `tile`",
                en: "give the folder that holds `checkpoint` and `tile`")
        case .noSuchEntry:
            LocalizedText(
                fr:
                    "comptez les entrées à partir de 0\u{202F}; `vigie log status` donne leur nombre",
                en: "count entries from 0; `vigie log status` says how many there are")
        case .purgedEntry:
            LocalizedText(
                fr: "lisez un audit d’avant la purge\u{202F}; `vigie verify` dit par quelle entrée",
                en: "read an audit of before the purge; `vigie verify` says by which entry")
        case .badInstant:
            LocalizedText(
                fr: "écrivez `2026-03-01` ou `2026-03-01T08:00:00.000Z`",
                en: "write `2026-03-01` or `2026-03-01T08:00:00.000Z`")
        case .badPolicies:
            LocalizedText(
                fr: "lancez `vigie policy check` sur ce dossier",
                en: "run `vigie policy check` on this folder")
        case .notAReport:
            LocalizedText(
                fr: "donnez ce que `vigie audit --format json` a écrit, puis `answer-key.json`",
                en: "give what `vigie audit --format json` wrote, then `answer-key.json`")
        case .noCompanion:
            LocalizedText(
                fr: "construisez tous les programmes avec `make all`",
                en: "build every program with `make all`")
        case .tooLongToKeep:
            LocalizedText(
                fr: "donnez un fichier avec `--file`, ou ajoutez ligne par ligne avec `--each`",
                en: "give a file with `--file`, or append line by line with `--each`")
        case .inputChanged:
            LocalizedText(
                fr:
                    "attendez que le fichier soit complet, puis recommencez\u{202F}: rien n’est ajouté deux fois",
                en:
                    "wait until the file is whole, then run the command again: nothing is appended twice"
            )
        case .notCertificates:
            LocalizedText(
                fr: "donnez un ou plusieurs certificats en PEM, l’un après l’autre",
                en: "give one or more certificates in PEM, one after the other")
        case .notText:
            LocalizedText(
                fr: "donnez un fichier de texte, enregistré en UTF-8",
                en: "give a text file, saved in UTF-8")
        case .notAFile: LocalizedText(fr: "donnez un fichier", en: "give a file")
        case .notAFolder: LocalizedText(fr: "donnez un dossier", en: "give a folder")
        case .nominativeControl:
            LocalizedText(
                fr: "demandez `policy who`, qui ne nomme alors personne",
                en: "ask `policy who`, which then names nobody")
        case .anotherLog:
            LocalizedText(
                fr: "donnez le journal de cet audit\u{202F}; s’il l’est, lancez `vigie verify`",
                en: "give the log of that run; if it is, run `vigie verify`")
        case .readerUnknown:
            LocalizedText(
                fr: "ajoutez `--as PSEUDONYME --case DOSSIER`",
                en: "add `--as PSEUDONYM --case CASE`")
        case .tooLarge:
            LocalizedText(
                fr: "donnez le bon fichier, ou partagez-le",
                en: "give the right file, or split it")
        }
    }
}
