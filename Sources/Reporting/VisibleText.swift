// SPDX-License-Identifier: Apache-2.0

/// A text from outside, made safe to show: nothing in it can move a cursor or turn a line round.
///
/// Control characters, and the characters that change the direction of writing, are written as
/// `\u{1B}`; all others stay.
public struct VisibleText: Sendable {
    /// The safe text.
    public let text: String

    /// Makes a text safe.
    public init(_ text: String, keepsLineFeeds: Bool = false) {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n", keepsLineFeeds {
                result.unicodeScalars.append(scalar)
            } else if Self.isHidden(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        self.text = result
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xE0000...0xE007F:
            true
        default: false
        }
    }
}
