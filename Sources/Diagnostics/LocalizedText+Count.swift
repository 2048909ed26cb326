// SPDX-License-Identifier: Apache-2.0

extension LocalizedText {
    /// A number of things: « 1 octet », « 2 octets »; French has the singular for 0 and 1, English for 1.
    ///
    /// - Parameters:
    ///   - count: The number.
    ///   - french: The singular and the plural.
    ///   - english: The singular and the plural.
    /// - Returns: The number and the word.
    public static func count(
        _ count: some BinaryInteger, fr french: (one: String, more: String),
        en english: (one: String, more: String)
    ) -> LocalizedText {
        LocalizedText(
            fr: "\(count) \(count > 1 ? french.more : french.one)",
            en: "\(count) \(count == 1 ? english.one : english.more)")
    }

    /// A number of entries.
    public static func entries(_ count: some BinaryInteger) -> LocalizedText {
        .count(count, fr: ("entrée", "entrées"), en: ("entry", "entries"))
    }

    /// A number of bytes.
    public static func bytes(_ count: some BinaryInteger) -> LocalizedText {
        .count(count, fr: ("octet", "octets"), en: ("byte", "bytes"))
    }
}
