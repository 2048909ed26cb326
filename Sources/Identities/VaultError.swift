// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason that the vault could not do what was asked.
public struct VaultError: Diagnosable, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Sendable {
        /// There is no vault at that path.
        case notFound = "IDN101"
        /// There is a vault at that path already.
        case exists = "IDN102"
        /// The file is not a vault, or of a version that this program does not know.
        case notAVault = "IDN103"
        /// The master key is not this vault's.
        case wrongMasterKey = "IDN104"
        /// The key is not the one of that custodian.
        case wrongCustodian = "IDN105"
        /// No person has that pseudonym or identifier: never enrolled, or erased.
        case unknownPerson = "IDN106"
        /// No re-identification was requested under that reference.
        case unknownReference = "IDN107"
        /// A re-identification was requested under that reference before.
        case referenceTaken = "IDN108"
        /// The person who asked may not approve.
        case samePerson = "IDN109"
        /// The other custodian has not approved.
        case notApproved = "IDN110"
        /// The record does not open: it was altered, or belongs to another person.
        case altered = "IDN111"
        /// An identifier is empty, or longer than the vault takes.
        case badIdentifier = "IDN112"
        /// The database failed.
        case storage = "IDN113"
        /// Two custodians have the same key.
        case sameCustodians = "IDN114"
    }

    /// The kind of failure.
    public let code: Code
    /// What it is about: a path, a pseudonym or a reference; never an identifier.
    public let fact: String

    /// Makes the error.
    public init(_ code: Code, _ fact: String = "") {
        (self.code, self.fact) = (code, fact)
    }

    /// The error in words.
    public var diagnostic: Diagnostic {
        Diagnostic(code: code.rawValue, place: .nowhere, message: message, remedy: remedy)
    }
}

extension VaultError {
    private var message: LocalizedText {
        switch code {
        case .notFound:
            LocalizedText(fr: "aucun coffre dans `\(fact)`", en: "no vault at `\(fact)`")
        case .exists:
            LocalizedText(fr: "`\(fact)` existe déjà", en: "`\(fact)` exists already")
        case .notAVault:
            LocalizedText(fr: "`\(fact)` n’est pas un coffre", en: "`\(fact)` is not a vault")
        case .wrongMasterKey:
            LocalizedText(
                fr: "la clé maîtresse n’ouvre pas ce coffre",
                en: "the master key does not open this vault")
        case .wrongCustodian:
            LocalizedText(
                fr: "cette clé n’est pas celle du dépositaire `\(fact)`",
                en: "this key is not the one of the custodian `\(fact)`")
        case .unknownPerson:
            LocalizedText(
                fr: "personne inconnue du coffre, ou effacée\(quoted)",
                en: "a person whom the vault does not know, or who was erased\(quoted)")
        case .unknownReference:
            LocalizedText(
                fr: "aucune demande sous la référence `\(fact)`",
                en: "no request under the reference `\(fact)`")
        case .referenceTaken:
            LocalizedText(
                fr: "la référence `\(fact)` a déjà servi",
                en: "the reference `\(fact)` was used before")
        case .samePerson:
            LocalizedText(
                fr: "qui demande la levée ne peut pas l’approuver",
                en: "who asks for a re-identification cannot approve it")
        case .notApproved:
            LocalizedText(
                fr: "l’autre dépositaire n’a pas approuvé la demande `\(fact)`",
                en: "the other custodian has not approved the request `\(fact)`")
        case .altered:
            LocalizedText(
                fr: "la fiche de `\(fact)` a été altérée, ou n’est pas la sienne",
                en: "the record of `\(fact)` was altered, or belongs to another person")
        case .badIdentifier:
            LocalizedText(
                fr: "identifiant ou nom vide, ou de plus de 1\u{00A0}024 octets",
                en: "an identifier or name is empty, or longer than 1,024 bytes")
        case .storage:
            LocalizedText(
                fr: "la base de données du coffre a échoué (\(fact))",
                en: "the vault's database failed (\(fact))")
        case .sameCustodians:
            LocalizedText(
                fr: "les deux dépositaires ont la même clé",
                en: "the two custodians have the same key")
        }
    }

    private var quoted: String { fact.isEmpty ? "" : " (`\(fact)`)" }

    private var remedy: LocalizedText {
        switch code {
        case .notFound:
            LocalizedText(
                fr: "créez-le avec `vigie identity init`", en: "make it with `vigie identity init`")
        case .exists:
            LocalizedText(
                fr: "choisissez un autre chemin\u{202F}; un coffre n’est jamais écrasé",
                en: "choose another path; a vault is never written over")
        case .notAVault:
            LocalizedText(fr: "vérifiez le chemin du coffre", en: "check the path of the vault")
        case .wrongMasterKey:
            LocalizedText(
                fr: "donnez la clé écrite à la création du coffre",
                en: "give the key that was written when the vault was made")
        case .wrongCustodian:
            LocalizedText(
                fr: "donnez la clé privée du dépositaire déclaré à la création du coffre",
                en: "give the private key of the custodian declared when the vault was made")
        case .unknownPerson:
            LocalizedText(
                fr: "vérifiez le pseudonyme et la période", en: "check the pseudonym and the period"
            )
        case .unknownReference, .notApproved:
            LocalizedText(
                fr: "suivez les trois étapes\u{202F}: request, approve, open",
                en: "follow the three steps: request, approve, open")
        case .referenceTaken:
            LocalizedText(fr: "choisissez une autre référence", en: "choose another reference")
        case .samePerson:
            LocalizedText(
                fr: "faites approuver par l’autre dépositaire",
                en: "have the other custodian approve")
        case .altered:
            LocalizedText(
                fr: "restaurez une sauvegarde, puis cherchez qui a écrit dans le coffre",
                en: "restore a backup, then find who wrote to the vault")
        case .badIdentifier:
            LocalizedText(fr: "corrigez la ligne", en: "correct the line")
        case .storage:
            LocalizedText(
                fr: "vérifiez le disque et les droits, puis recommencez",
                en: "check the disk and the permissions, then try again")
        case .sameCustodians:
            LocalizedText(
                fr: "chaque dépositaire garde sa propre clé\u{202F}: faites-en deux",
                en: "each custodian keeps a key of their own: make two")
        }
    }
}
