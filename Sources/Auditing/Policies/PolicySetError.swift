// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A reason that a folder is not a policy set.
public struct PolicySetError: Diagnosable, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// There is no `policy-set.yaml`.
        case noManifest = "POL101"
        /// A file is not UTF-8, or too long.
        case notText = "POL102"
        /// The manifest is not YAML.
        case notYAML = "POL103"
        /// A key that the manifest does not know.
        case unknownKey = "POL104"
        /// A key is missing.
        case missingKey = "POL105"
        /// A value is of the wrong kind.
        case wrongValue = "POL106"
        /// A file of the list is not there.
        case missingFile = "POL107"
        /// A policy file that is not in the list.
        case unlistedFile = "POL108"
        /// A policy has no title, basis, severity or provenance.
        case missingAnnotation = "POL109"
        /// The list of files names no schema, or several.
        case notOneSchema = "POL110"
        /// More temporal blocks than a policy set may have.
        case tooManyBlocks = "POL111"
    }

    /// The kind of failure.
    public var code: Code
    /// Where.
    public var place: Place
    /// The name at fault: a key, a file, an annotation, a value.
    public var name: String

    init(_ code: Code, _ name: String, at place: Place) {
        self.code = code
        self.name = name
        self.place = place
    }

    /// The failure in words.
    public var diagnostic: Diagnostic {
        Diagnostic(code: code.rawValue, place: place, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        switch code {
        case .noManifest:
            LocalizedText(fr: "il n’y a pas de `\(name)`", en: "there is no `\(name)`")
        case .notText:
            LocalizedText(
                fr: "le fichier n’est pas un texte UTF-8 d’un Mio au plus",
                en: "the file is not UTF-8 text of at most 1 MiB")
        case .notYAML: LocalizedText(fr: "YAML incorrect", en: "not valid YAML")
        case .unknownKey:
            LocalizedText(fr: "clé inconnue `\(name)`", en: "unknown key `\(name)`")
        case .missingKey:
            LocalizedText(fr: "la clé `\(name)` manque", en: "the key `\(name)` is missing")
        case .wrongValue:
            LocalizedText(
                fr: "valeur incorrecte pour `\(name)`", en: "wrong value for `\(name)`")
        case .missingFile:
            LocalizedText(fr: "le fichier `\(name)` manque", en: "the file `\(name)` is missing")
        case .unlistedFile:
            LocalizedText(
                fr: "le fichier `\(name)` n’est pas dans la liste",
                en: "the file `\(name)` is not in the list")
        case .missingAnnotation:
            LocalizedText(
                fr: "l’annotation `@\(name)` manque ou est incorrecte",
                en: "the annotation `@\(name)` is missing or wrong")
        case .notOneSchema:
            LocalizedText(
                fr: "il faut un seul schéma dans `files`, et il y en a \(name)",
                en: "`files` must name one schema, and it names \(name)")
        case .tooManyBlocks:
            LocalizedText(
                fr: "les politiques ont \(name) blocs `temporal`, et 63 au plus sont admis",
                en: "the policies have \(name) `temporal` blocks, and at most 63 are allowed")
        }
    }

    private var remedy: LocalizedText {
        switch code {
        case .noManifest:
            LocalizedText(
                fr: "donnez le dossier d’une politique", en: "give the folder of a policy set")
        case .notText, .notYAML:
            LocalizedText(fr: "corrigez le fichier", en: "correct the file")
        case .unknownKey:
            LocalizedText(
                fr: "corrigez son orthographe ou retirez-la",
                en: "correct its spelling or remove it")
        case .missingKey, .missingAnnotation:
            LocalizedText(fr: "ajoutez-la", en: "add it")
        case .wrongValue:
            LocalizedText(
                fr: "voyez `docs/policies.md` pour les valeurs admises",
                en: "see `docs/policies.md` for the values allowed")
        case .missingFile:
            LocalizedText(
                fr: "ajoutez le fichier ou retirez-le de `files`",
                en: "add the file or remove it from `files`")
        case .unlistedFile:
            LocalizedText(fr: "ajoutez-le à `files`", en: "add it to `files`")
        case .notOneSchema:
            LocalizedText(
                fr: "nommez un fichier `.cedarschema`", en: "name one `.cedarschema` file")
        case .tooManyBlocks:
            LocalizedText(
                fr: "écrivez ces règles en phrases, dans `rules/`",
                en: "write these rules as sentences, in `rules/`")
        }
    }
}

/// All that is wrong with a policy set: at least one diagnostic.
public struct PolicySetErrors: DiagnosableGroup, Hashable, Sendable {
    /// The failures, in words.
    public let diagnostics: [Diagnostic]

    /// The same failures, with their files named from outside the folder of the set.
    public func inside(_ folder: String) -> PolicySetErrors {
        PolicySetErrors(diagnostics: diagnostics.map { $0.inside(folder) })
    }
}
