// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason why some bytes are not an entry in canonical form.
public struct EntryError: Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// The bytes end inside the entry.
        case truncated = "LOG101"
        /// A byte stands where the format allows another one only.
        case unexpectedByte = "LOG102"
        /// The entry is longer than ``EntryScanner/byteCountMax``.
        case tooLong = "LOG103"
        /// Bytes follow the entry.
        case trailingBytes = "LOG104"
        /// The entry is of a format version that this build does not read.
        case unknownVersion = "LOG105"
        /// The format has no field of that name.
        case unknownField = "LOG106"
        /// The keys are not in order, or one is repeated.
        case keyOrder = "LOG107"
        /// The value is of another kind than its field's.
        case wrongKind = "LOG108"
        /// A text is not written in the shortest way.
        case nonMinimalEscape = "LOG109"
        /// A text is not UTF-8 in normalisation form C.
        case invalidText = "LOG110"
        /// A number is not an integer n with |n| < 2^53 in its shortest form.
        case invalidNumber = "LOG111"
        /// A timestamp is not `YYYY-MM-DDTHH:MM:SS.mmmZ`, or not a date of the calendar.
        case invalidTimestamp = "LOG112"
        /// A digest is not 64 lower-case hexadecimal characters.
        case invalidDigest = "LOG113"
        /// A text, an object or an item is empty.
        case emptyValue = "LOG114"
        /// The items of an array are not in order, or one is repeated.
        case itemOrder = "LOG115"
        /// A field that every entry has is absent.
        case missingField = "LOG116"
        /// A submission sets `seq`, `prev` or `recorded_at`, which only the log sets.
        case reservedField = "LOG117"
        /// A submission is of a type that only the log itself records.
        case reservedType = "LOG118"
        /// A submission says that it comes from the log itself.
        case reservedSource = "LOG119"
    }

    /// The kind of failure.
    public var code: Code
    /// Where it is, in bytes from the start of the entry.
    public var byteOffset: Int

    /// Makes an error from its parts.
    public init(_ code: Code, at byteOffset: Int) {
        self.code = code
        self.byteOffset = byteOffset
    }
}

extension EntryError: Diagnosable {
    /// The error in words.
    public var diagnostic: Diagnostic {
        diagnostic(at: .nowhere)
    }

    /// The error in words, at a place in a file.
    public func diagnostic(at place: Place) -> Diagnostic {
        Diagnostic(
            code: code.rawValue, place: place,
            message: LocalizedText(
                fr: "\(code.message.french) (octet \(byteOffset) de l’entrée)",
                en: "\(code.message.english) (byte \(byteOffset) of the entry)"),
            remedy: code.remedy)
    }
}

extension EntryError.Code {
    /// What is wrong, in one clause.
    public var message: LocalizedText {
        switch self {
        case .truncated: LocalizedText(fr: "l’entrée est coupée", en: "the entry is cut short")
        case .unexpectedByte:
            LocalizedText(fr: "octet inattendu", en: "unexpected byte")
        case .tooLong:
            LocalizedText(fr: "l’entrée dépasse 16 Kio", en: "the entry is longer than 16 KiB")
        case .trailingBytes:
            LocalizedText(fr: "des octets suivent l’entrée", en: "bytes follow the entry")
        case .unknownVersion:
            LocalizedText(fr: "version de format inconnue", en: "unknown format version")
        case .unknownField: LocalizedText(fr: "champ inconnu", en: "unknown field")
        case .keyOrder:
            LocalizedText(fr: "clés désordonnées ou répétées", en: "keys out of order or repeated")
        case .wrongKind:
            LocalizedText(
                fr: "valeur d’un autre type que son champ",
                en: "value of another kind than its field")
        case .nonMinimalEscape:
            LocalizedText(fr: "échappement non minimal", en: "escape is not minimal")
        case .invalidText:
            LocalizedText(fr: "texte qui n’est pas UTF-8 en NFC", en: "text is not UTF-8 in NFC")
        case .invalidNumber:
            LocalizedText(fr: "nombre hors format", en: "number is not a canonical integer")
        case .invalidTimestamp:
            LocalizedText(fr: "date ou heure hors format", en: "timestamp is not canonical")
        case .invalidDigest:
            LocalizedText(
                fr: "empreinte qui n’est pas en 64 chiffres hexadécimaux",
                en: "digest is not 64 hexadecimal digits")
        case .emptyValue: LocalizedText(fr: "valeur vide", en: "empty value")
        case .itemOrder:
            LocalizedText(
                fr: "éléments désordonnés ou répétés", en: "items out of order or repeated")
        case .missingField:
            LocalizedText(fr: "champ obligatoire absent", en: "a required field is absent")
        case .reservedField:
            LocalizedText(fr: "champ réservé au journal", en: "field is reserved to the log")
        case .reservedType:
            LocalizedText(fr: "type réservé au journal", en: "type is reserved to the log")
        case .reservedSource:
            LocalizedText(fr: "source réservée au journal", en: "source is reserved to the log")
        }
    }

    /// What the reader can do next.
    public var remedy: LocalizedText {
        switch self {
        case .truncated, .trailingBytes:
            LocalizedText(
                fr: "donnez exactement un objet JSON par ligne",
                en: "give exactly one JSON object a line")
        case .unknownVersion:
            LocalizedText(
                fr: "mettez `v` à 1, ou lisez ce journal avec une version plus récente",
                en: "set `v` to 1, or read this log with a newer version")
        case .unknownField, .wrongKind, .missingField, .emptyValue, .itemOrder, .keyOrder:
            LocalizedText(
                fr: "suivez la table des champs de `docs/events.md`",
                en: "follow the table of fields in `docs/events.md`")
        case .reservedField:
            LocalizedText(
                fr: "retirez `seq`, `prev` et `recorded_at`",
                en: "remove `seq`, `prev` and `recorded_at`")
        case .reservedType:
            LocalizedText(
                fr: "utilisez `vigie keys rotate` ou `vigie log anchor`, `purge` ou `recover`",
                en: "use `vigie keys rotate`, or `vigie log anchor`, `purge` or `recover`")
        case .reservedSource:
            LocalizedText(
                fr: "nommez votre source autrement que `vigie`",
                en: "call your source something else than `vigie`")
        case .tooLong:
            LocalizedText(
                fr: "gardez les documents ailleurs et notez leur empreinte",
                en: "keep documents elsewhere and record their hash")
        case .unexpectedByte, .nonMinimalEscape, .invalidText, .invalidNumber, .invalidTimestamp,
            .invalidDigest:
            LocalizedText(
                fr: "écrivez la forme canonique de la RFC 8785 (`docs/log-format.md`)",
                en: "write the canonical form of RFC 8785 (`docs/log-format.md`)")
        }
    }
}
