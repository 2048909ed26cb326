// SPDX-License-Identifier: Apache-2.0

/// A language in which Vigie speaks to people.
public enum Language: String, CaseIterable, Hashable, Sendable {
    /// French: the first language of every text that a person reads.
    case french = "fr"
    /// English.
    case english = "en"
}

/// A text that exists in both languages, written side by side in one place.
public struct LocalizedText: Hashable, Sendable {
    /// The French text, with French typography.
    public let french: String
    /// The English text.
    public let english: String

    /// Makes a text from its two versions.
    public init(fr french: String, en english: String) {
        self.french = french
        self.english = english
    }

    /// The text in one language.
    public subscript(language: Language) -> String {
        switch language {
        case .french: french
        case .english: english
        }
    }
}
