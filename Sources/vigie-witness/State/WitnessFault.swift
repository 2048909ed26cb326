// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// A reason why a witness cannot work, or why asking one failed.
struct WitnessFault: Diagnosable, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    enum Code: String, CaseIterable, Sendable {
        /// The folder is not the memory of a witness.
        case notAMemory = "WIT201"
        /// The memory belongs to another key.
        case otherKey = "WIT202"
        /// The memory of a log's head is gone.
        case lost = "WIT203"
        /// A file of the memory is not what the witness wrote.
        case altered = "WIT204"
        /// The address to listen on is not one, or is taken.
        case cannotListen = "WIT205"
        /// The text given as a witness's key is none.
        case badKey = "WIT206"
        /// The name given to a witness is empty, or holds a space or a plus sign.
        case badName = "WIT207"
        /// A witness or an authority could not be reached, or answered what the standard does not know.
        case unreachable = "WIT211"
        /// A witness does not know the log, or none of its keys.
        case refused = "WIT212"
        /// A witness has seen more of the log than there is here.
        case ahead = "WIT213"
        /// A witness has seen another history of the log.
        case contradicted = "WIT214"
        /// A witness's answer is not its cosignature over the checkpoint.
        case falseAnswer = "WIT215"
        /// No witness was named.
        case noWitness = "WIT216"
    }

    /// The kind of failure.
    var code: Code
    /// The file, folder or address concerned.
    var subject: String
    /// What the message quotes.
    var fact: String
    /// Why there was no usable answer, where that is what is wrong.
    var cause: NoAnswer?

    init(_ code: Code, _ subject: String, fact: String = "") {
        (self.code, self.subject, self.fact) = (code, subject, fact)
    }

    /// The fault that no usable answer came from an address.
    init(_ cause: NoAnswer, from url: String) {
        // What stands before an `@` may be a password.
        let shown = url.lastIndex(of: "@").map { "…" + url[$0...] } ?? url
        self.init(.unreachable, shown)
        self.cause = cause
    }

    var diagnostic: Diagnostic {
        Diagnostic(
            code: code.rawValue, place: .file(subject), message: message, remedy: remedy)
    }

    private var because: String { fact.isEmpty ? "" : " (\(fact))" }

    private var message: LocalizedText {
        switch code {
        case .notAMemory:
            LocalizedText(
                fr: "ce dossier n’est pas la mémoire d’un témoin",
                en: "this folder is not the memory of a witness")
        case .otherKey:
            LocalizedText(
                fr: "cette mémoire est celle d’une autre clé",
                en: "this memory belongs to another key")
        case .lost:
            LocalizedText(
                fr: "la dernière tête cosignée de ce journal a disparu",
                en: "the last head cosigned for this log is gone")
        case .altered:
            LocalizedText(
                fr: "ce fichier n’est pas celui que le témoin a écrit",
                en: "this file is not what the witness wrote")
        case .cannotListen:
            LocalizedText(
                fr: "impossible d’écouter à cette adresse\(because)",
                en: "cannot listen on this address\(because)")
        case .badKey:
            LocalizedText(
                fr: "ce n’est pas la clé publique d’un témoin",
                en: "this is not the public key of a witness")
        case .badName:
            LocalizedText(
                fr: "nom de témoin non admis", en: "this name is not allowed for a witness")
        case .unreachable:
            cause.map {
                LocalizedText(
                    fr: "pas de réponse utilisable\u{202F}: \($0.words.french)",
                    en: "no usable answer: \($0.words.english)")
            } ?? LocalizedText(fr: "pas de réponse utilisable", en: "no usable answer")
        case .refused:
            LocalizedText(
                fr: "le témoin refuse ce journal\(because)",
                en: "the witness refuses this log\(because)")
        case .ahead:
            LocalizedText(
                fr: "le témoin a vu \(fact) entrées de ce journal, plus qu’il n’en reste ici",
                en: "the witness saw \(fact) entries of this log, more than there are here")
        case .contradicted:
            LocalizedText(
                fr: "le témoin a vu une autre histoire de ce journal",
                en: "the witness saw another history of this log")
        case .falseAnswer:
            LocalizedText(
                fr: "la réponse n’est pas la cosignature de ce témoin",
                en: "the answer is not that witness's cosignature")
        case .noWitness:
            LocalizedText(fr: "aucun témoin n’est nommé", en: "no witness is named")
        }
    }

    private var remedy: LocalizedText {
        switch code {
        case .notAMemory:
            LocalizedText(
                fr: "lancez d’abord `vigie witness init`", en: "run `vigie witness init` first")
        case .otherKey:
            LocalizedText(
                fr: "donnez la clé et le dossier du même témoin",
                en: "give the key and the folder of the same witness")
        case .lost, .altered:
            LocalizedText(
                fr: "ne relancez pas ce témoin\u{202F}: créez-en un autre, avec une autre clé",
                en: "do not start this witness again: make another one, with another key")
        case .cannotListen:
            LocalizedText(
                fr: "écrivez `ADRESSE:PORT`, par exemple `127.0.0.1:2025`, avec un port libre",
                en: "write ADDRESS:PORT, for example 127.0.0.1:2025, with a free port")
        case .badKey:
            LocalizedText(
                fr: "recopiez la ligne que `vigie witness init` a montrée, ou donnez @FICHIER",
                en: "copy the line that `vigie witness init` printed, or give @FILE")
        case .badName:
            LocalizedText(
                fr: "choisissez un nom sans espace ni signe plus, comme `cse.example/temoin`",
                en: "choose a name without spaces and plus signs, such as `cse.example/temoin`")
        case .unreachable:
            LocalizedText(
                fr: "vérifiez l’adresse et que le service tourne, puis recommencez",
                en: "check the address and that the service runs, then try again")
        case .refused:
            LocalizedText(
                fr: "demandez à son responsable de lancer `vigie witness add-log`",
                en: "ask whoever runs it to run `vigie witness add-log`")
        case .ahead, .contradicted:
            LocalizedText(
                fr:
                    "ne modifiez rien, gardez une copie, et comparez avec la tête que le témoin garde",
                en: "change nothing, keep a copy, and compare with the head that the witness keeps")
        case .falseAnswer:
            LocalizedText(
                fr: "vérifiez l’adresse et la clé de ce témoin",
                en: "check that witness's address and key")
        case .noWitness:
            LocalizedText(
                fr: "donnez `--policy` avec des adresses, ou `--witness` et `--witness-key`",
                en: "give `--policy` with addresses, or `--witness` and `--witness-key`")
        }
    }
}
