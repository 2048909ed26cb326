// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// What is wrong with a configuration.
struct SettingsError: Diagnosable, Hashable {
    /// The kinds of fault, with raw values that never change.
    enum Code: String, CaseIterable {
        /// There is no file, where one was named or needed.
        case missingFile = "CFG101"
        /// The file is not YAML, or not a mapping of keys to values.
        case notYAML = "CFG102"
        /// A key, or a variable of the environment, that is not known.
        case unknownKey = "CFG103"
        /// A value of another kind than its key asks for.
        case wrongValue = "CFG104"
        /// A key without which nothing can run.
        case missingKey = "CFG105"
    }

    var code: Code
    var fact: String
    var place: Place

    init(_ code: Code, _ fact: String, at place: Place = .nowhere) {
        (self.code, self.fact, self.place) = (code, fact, place)
    }

    var diagnostic: Diagnostic {
        Diagnostic(code: code.rawValue, place: place, message: message, remedy: remedy)
    }

    private var message: LocalizedText {
        switch code {
        case .missingFile:
            LocalizedText(
                fr: "aucun fichier de configuration `\(fact)`",
                en: "there is no configuration file `\(fact)`")
        case .notYAML:
            LocalizedText(
                fr: "`\(fact)` n’est pas du YAML de clés et de valeurs",
                en: "`\(fact)` is not YAML of keys and values")
        case .unknownKey:
            LocalizedText(fr: "clé inconnue\u{202F}: `\(fact)`", en: "unknown key `\(fact)`")
        case .wrongValue:
            LocalizedText(
                fr: "la valeur de `\(fact)` n’est pas de la sorte attendue",
                en: "the value of `\(fact)` is not of the kind expected")
        case .missingKey:
            LocalizedText(
                fr: "`\(fact)` n’est dit nulle part", en: "`\(fact)` is said nowhere")
        }
    }

    private var remedy: LocalizedText {
        switch code {
        case .missingFile:
            LocalizedText(
                fr: "donnez-en un avec `--config`, ou écrivez /etc/vigie/vigie.yaml",
                en: "give one with `--config`, or write /etc/vigie/vigie.yaml")
        case .notYAML:
            LocalizedText(
                fr: "écrivez une ligne `clé: valeur` par clé",
                en: "write a line `key: value` for each key")
        case .unknownKey:
            LocalizedText(
                fr: "les clés sont \(Self.keys)", en: "the keys are \(Self.keys)")
        case .wrongValue:
            LocalizedText(
                fr: "voyez l’exemple de /etc/vigie/vigie.yaml",
                en: "see the example of /etc/vigie/vigie.yaml")
        case .missingKey:
            LocalizedText(
                fr: "écrivez-la dans le fichier, dans une variable VIGIE_… ou en option",
                en: "write it in the file, in a variable VIGIE_… or as an option")
        }
    }

    private static var keys: String {
        Settings.Key.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }
}

/// The faults of a configuration, all of them.
struct SettingsErrors: DiagnosableGroup {
    var errors: [SettingsError]

    var diagnostics: [Diagnostic] { errors.map(\.diagnostic) }
}
