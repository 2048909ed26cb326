// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Diagnostics

/// Text made safe for HTML, and the little else that a page needs.
public enum HTMLText {
    /// A text in which no character has a meaning in HTML, in an element or an attribute.
    public static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in VisibleText(text).text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "`": result += "&#96;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// One self-contained page that loads nothing and runs nothing.
    ///
    /// - Parameters:
    ///   - title: The title, as text.
    ///   - language: The language of the page.
    ///   - body: The page's content, as HTML.
    /// - Returns: The page.
    public static func document(title: String, language: Language, body: String) -> String {
        let policy =
            "default-src 'none'; style-src \(policyHash(StyleSheet.text)); "
            + "base-uri 'none'; form-action 'none'"
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(escaped(title))</title>
            <style>\(StyleSheet.text)</style>
            </head>
            <body>
            \(body)
            </body>
            </html>

            """
    }

    /// The hash of an inline style or script, as a content security policy names it.
    public static func policyHash(_ text: String) -> String {
        "'sha256-\(base64(SHA256Hasher().hash(Array(text.utf8)).bytes))'"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            word <<= UInt32(8 * (3 - group.count))
            for position in 0..<4 {
                let sextet = Int(word >> UInt32(18 - 6 * position) & 63)
                if position <= group.count { text.append(alphabet[sextet]) } else { text += "=" }
            }
        }
        return text
    }
}
