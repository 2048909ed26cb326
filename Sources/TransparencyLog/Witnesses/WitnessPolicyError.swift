// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why a file is not a trust policy (C2SP `tlog-policy`).
public struct WitnessPolicyError: Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// A control character, or a last line that does not end.
        case malformedText = "WIT101"
        /// A line that begins with none of `log`, `witness`, `group` and `quorum`.
        case unknownKeyword = "WIT102"
        /// A line with too few or too many items.
        case wrongItemCount = "WIT103"
        /// A key that is not one, or not of the type that the line asks for.
        case badKey = "WIT104"
        /// A public key that an earlier line gave already.
        case duplicateKey = "WIT105"
        /// A name that an earlier line defined already, or `none`.
        case duplicateName = "WIT106"
        /// A name that no earlier line defines.
        case undefinedName = "WIT107"
        /// A threshold that is not a number from 1 to the number of members.
        case badThreshold = "WIT108"
        /// A name that is a member of a group already.
        case repeatedMember = "WIT109"
        /// No `quorum` line, or more than one.
        case quorumCount = "WIT110"
        /// More lines than a policy may have.
        case tooLong = "WIT111"
    }

    /// The kind of failure.
    public var code: Code
    /// The line, counted from 1.
    public var line: Int

    init(_ code: Code, line: Int) {
        self.code = code
        self.line = line
    }
}

extension WitnessPolicyError: Diagnosable {
    /// The error in words, without the file, which this module does not know.
    public var diagnostic: Diagnostic {
        Diagnostic(code: code.rawValue, place: .nowhere, message: message, remedy: Self.remedy)
    }

    private static let remedy = LocalizedText(
        fr: "corrigez cette ligne\u{202F}; la syntaxe est celle de C2SP `tlog-policy`",
        en: "correct that line; the syntax is that of C2SP `tlog-policy`")

    private var message: LocalizedText {
        switch code {
        case .malformedText:
            LocalizedText(
                fr: "caractère de commande, ou dernière ligne sans fin",
                en: "a control character, or a last line without end")
        case .unknownKeyword:
            LocalizedText(
                fr: "la ligne ne commence ni par `log`, ni par `witness`, `group` ou `quorum`",
                en: "the line begins with none of `log`, `witness`, `group` and `quorum`")
        case .wrongItemCount:
            LocalizedText(fr: "trop ou trop peu de mots", en: "too many or too few words")
        case .badKey:
            LocalizedText(
                fr: "ce n’est pas une clé du type attendu ici",
                en: "not a key of the type that this line asks for")
        case .duplicateKey:
            LocalizedText(
                fr: "clé publique déjà donnée", en: "the public key was given already")
        case .duplicateName:
            LocalizedText(
                fr: "nom déjà pris, ou réservé", en: "the name is taken already, or reserved")
        case .undefinedName:
            LocalizedText(
                fr: "nom qu’aucune ligne précédente ne définit",
                en: "no earlier line defines that name")
        case .badThreshold:
            LocalizedText(
                fr: "seuil hors de 1 au nombre de membres",
                en: "the threshold is not from 1 to the number of members")
        case .repeatedMember:
            LocalizedText(
                fr: "ce nom est déjà membre d’un groupe", en: "the name is in a group already")
        case .quorumCount:
            LocalizedText(
                fr: "il faut une ligne `quorum`, et une seule",
                en: "there must be one `quorum` line, and one only")
        case .tooLong:
            LocalizedText(fr: "politique trop longue", en: "the policy is too long")
        }
    }
}
