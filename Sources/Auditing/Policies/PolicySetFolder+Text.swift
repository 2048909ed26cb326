// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

extension PolicySetFolder.Parameter {
    /// The value as people read it.
    public var text: String { number.map(String.init) ?? codes.joined(separator: ", ") }
}

extension PolicySetFolder {
    /// The parameters that a sentence names, in its order.
    public static func parameterNames(in sentence: String) -> [String] {
        sentence.split(separator: "$", omittingEmptySubsequences: false).dropFirst().map { part in
            String(part.prefix { $0 == "_" || $0.isLetter || $0.isNumber })
        }
    }

    /// A sentence with its parameters' values in place of their names.
    public func filled(_ sentence: String) -> String {
        let parts = sentence.split(separator: "$", omittingEmptySubsequences: false)
        var text = String(parts.first ?? "")
        for (name, part) in zip(Self.parameterNames(in: sentence), parts.dropFirst()) {
            text += parameters[name]?.text ?? "$\(name)"
            text += part.dropFirst(name.count)
        }
        return text
    }

    /// A sentence with its parameters' values, in both languages.
    public func filled(_ sentence: LocalizedText) -> LocalizedText {
        LocalizedText(fr: filled(sentence.french), en: filled(sentence.english))
    }
}
