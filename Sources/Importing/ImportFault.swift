// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why one record of a foreign export is not taken into the log.
///
/// It points at the record and names its column: it never holds a value, which may be personal. Nor
/// does it say a name that stands in the export alone, since what is read as a heading may be a row:
/// such a column has a number.
public struct ImportFault: Error, Hashable, Sendable {
    /// The kinds of fault, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// Bytes that are not UTF-8, or a control character.
        case malformedText = "IMP101"
        /// A record, or the number of its fields, is beyond the limit.
        case tooLong = "IMP102"
        /// The record is not in the form of the format that was named.
        case malformedRecord = "IMP103"
        /// The same field twice in a record, or the same column twice in a heading.
        case duplicateField = "IMP104"
        /// A quote that leaves no telling where records begin: nothing is read after it.
        case unreadRest = "IMP105"
        /// A field that the map neither takes nor drops.
        case unmappedField = "IMP111"
        /// A field that the event needs is empty or absent.
        case missingField = "IMP112"
        /// A type of event that the vocabulary does not have, or a value that the map gives no word for.
        case unknownValue = "IMP113"
        /// A value that is not of the kind that its field takes.
        case wrongKind = "IMP114"
        /// A person whom the table of pseudonyms does not know.
        case unknownPerson = "IMP115"
        /// A direct identifier: an e-mail address, a telephone number, a social-security number.
        case directIdentifier = "IMP116"
        /// A text that is no code: it may be a name.
        case freeText = "IMP117"
        /// The same event twice in one export, with nothing to tell them apart.
        case repeatedEvent = "IMP118"
        /// A field that only the log, or the import itself, sets.
        case reservedField = "IMP119"
        /// The total of a day of which a row was refused.
        case incompleteTotal = "IMP120"
        /// The log holds the event's identifier with another content, and so does not hold the event.
        case otherContent = "IMP121"
    }

    /// The kind of fault.
    public var code: Code
    /// The line on which the record, or the faulty part of it, begins; from 1.
    public var line: Int
    /// The column in bytes, from 1.
    public var column: Int
    /// The field or the heading concerned; empty if it is none.
    public var field: String
    /// The number of the heading concerned, from 1; nil if it is none.
    public var number: Int?

    /// Makes a fault from its parts.
    public init(
        _ code: Code, line: Int, column: Int = 1, field: String = "", number: Int? = nil
    ) {
        (self.code, self.line, self.column) = (code, line, column)
        (self.field, self.number) = (field, number)
    }

    /// The fault without its field's name, unless that is a known one.
    func naming(only isKnown: (String) -> Bool) -> ImportFault {
        guard !isKnown(field) else { return self }
        var fault = self
        fault.field = ""
        return fault
    }

    /// The fault in words, in a file.
    public func diagnostic(in file: String) -> Diagnostic {
        Diagnostic(
            code: code.rawValue, place: .text(file: file, line: line, column: column),
            message: LocalizedText(
                fr: code.message.french + name.french, en: code.message.english + name.english),
            remedy: code.remedy)
    }

    private var name: LocalizedText {
        guard field.isEmpty else { return LocalizedText(fr: " (`\(field)`)", en: " (`\(field)`)") }
        guard let number else { return LocalizedText(fr: "", en: "") }
        return LocalizedText(fr: " (colonne \(number))", en: " (column \(number))")
    }
}

extension ImportFault.Code {
    /// What is wrong, in one clause.
    public var message: LocalizedText {
        switch self {
        case .malformedText:
            LocalizedText(
                fr: "texte qui n’est pas UTF-8, ou caractère de commande",
                en: "the text is not UTF-8, or holds a control character")
        case .tooLong:
            LocalizedText(fr: "enregistrement trop long", en: "the record is too long")
        case .malformedRecord:
            LocalizedText(
                fr: "enregistrement hors du format annoncé",
                en: "the record is not in the form of its format")
        case .duplicateField:
            LocalizedText(fr: "champ donné deux fois", en: "the field is given twice")
        case .unreadRest:
            LocalizedText(
                fr: "guillemet sans pendant, ou suivi d’un texte\u{202F}: la suite n’est pas lue",
                en: "a quote that nothing closes, or that text follows: the rest is not read")
        case .unmappedField:
            LocalizedText(
                fr: "champ que la table de correspondance ne prévoit pas",
                en: "the map says nothing of this field")
        case .missingField:
            LocalizedText(
                fr: "champ nécessaire vide ou absent",
                en: "a field that the event needs is empty or absent")
        case .unknownValue:
            LocalizedText(
                fr: "valeur que la table de correspondance ne traduit pas",
                en: "the map gives no word for this value")
        case .wrongKind:
            LocalizedText(
                fr: "valeur d’un autre type que son champ",
                en: "the value is of another kind than its field")
        case .unknownPerson:
            LocalizedText(
                fr: "personne absente de la table de pseudonymes",
                en: "the table of pseudonyms does not know this person")
        case .directIdentifier:
            LocalizedText(
                fr: "identifiant direct d’une personne", en: "a direct identifier of a person")
        case .freeText:
            LocalizedText(
                fr: "texte libre, qui peut nommer une personne",
                en: "free text, which may name a person")
        case .repeatedEvent:
            LocalizedText(
                fr: "même événement deux fois, que rien ne distingue",
                en: "the same event twice, with nothing to tell them apart")
        case .reservedField:
            LocalizedText(
                fr: "champ que seuls le journal et l’import écrivent",
                en: "a field that only the log and the import set")
        case .otherContent:
            LocalizedText(
                fr: "le journal contient déjà cet identifiant, avec un autre contenu",
                en: "the log holds this identifier already, with another content")
        case .incompleteTotal:
            LocalizedText(
                fr: "total d’un jour dont une ligne est refusée",
                en: "the total of a day of which a row is refused")
        }
    }

    /// What the reader can do next.
    public var remedy: LocalizedText {
        switch self {
        case .malformedText, .malformedRecord, .tooLong, .duplicateField, .unreadRest:
            LocalizedText(
                fr: "corrigez l’export, ou nommez son format avec `--from`",
                en: "correct the export, or name its format with `--from`")
        case .unmappedField:
            LocalizedText(
                fr: "ajoutez ce champ sous `fields` ou sous `drop` dans la table",
                en: "add this field under `fields` or under `drop` in the map")
        case .wrongKind:
            LocalizedText(
                fr:
                    "comparez l’export avec le `as` de ce champ dans la table (`docs/import.md`)",
                en: "compare the export with this field's `as` in the map (`docs/import.md`)")
        case .missingField:
            LocalizedText(
                fr: "suivez `docs/events.md` pour ce type d’événement",
                en: "follow `docs/events.md` for this type of event")
        case .unknownValue:
            LocalizedText(
                fr: "ajoutez cette valeur sous `values` ou sous `skip`",
                en: "add this value under `values` or under `skip`")
        case .unknownPerson:
            LocalizedText(
                fr: "ajoutez cette personne à la table de `--pseudonyms`",
                en: "add this person to the table of `--pseudonyms`")
        case .directIdentifier, .freeText:
            LocalizedText(
                fr: "écartez ce champ avec `drop`, ou remplacez-le avec `as: pseudonym`",
                en: "leave this field out with `drop`, or replace it with `as: pseudonym`")
        case .repeatedEvent:
            LocalizedText(
                fr: "nommez sous `id` un champ qui distingue les deux",
                en: "name a field under `id` that tells the two apart")
        case .reservedField:
            LocalizedText(fr: "retirez ce champ", en: "remove this field")
        case .otherContent:
            LocalizedText(
                fr: "cherchez pourquoi l’export a changé\u{202F}; ce qui est au journal y reste",
                en: "find why the export has changed; what the log holds stays as it is")
        case .incompleteTotal:
            LocalizedText(
                fr: "corrigez d’abord les lignes refusées, puis importez ce jour entier",
                en: "correct the refused rows first, then import that day as a whole")
        }
    }
}
