// SPDX-License-Identifier: Apache-2.0

import Testing

/// Every French text of the sources (`fr: "…"`), whichever module says it.
@Suite struct FrenchTypographyTests {
    /// A French text, and where it is written.
    struct Text: Sendable {
        let place: String
        let text: String
    }

    @Test func everyFrenchTextFollowsFrenchTypography() {
        let texts = SourceTree.sources.flatMap(Self.texts)
        #expect(texts.count > 400, "only \(texts.count) texts were found")
        for text in texts {
            let faults = Self.faults(text.text)
            #expect(faults.isEmpty, "\(text.place): \(faults): \(text.text)")
        }
    }

    @Test(arguments: [
        ("Verdict : oui", 1), ("Verdict\u{202F}: oui", 0), ("l'accès", 1), ("l’accès", 0),
        ("« oui »", 2), ("«\u{A0}oui\u{A0}»", 0), ("vraiment !", 1), ("a ; b", 1), ("75 %", 1),
        ("le code `a : b` s’écrit ainsi", 0), ("à 14:30", 0), ("\\(place): fautif", 1),
    ])
    func theFaultsAreSeen(text: String, count: Int) {
        #expect(Self.faults(text).count == count)
    }

    /// What a French typographer would correct, as it stands in a literal of Swift.
    static func faults(_ literal: String) -> [String] {
        let text = readable(literal)
        var faults: [String] = []
        for (position, character) in text.enumerated() {
            let before = position > 0 ? text[position - 1] : " "
            let after = position + 1 < text.count ? text[position + 1] : " "
            switch character {
            case ";", "!", "?", "%":
                if before != "\u{202F}" { faults.append("no narrow space before \(character)") }
            case ":":
                // A time of day, or what follows the name of a file.
                if before == "\u{202F}" || (before.isNumber && after.isNumber) { continue }
                faults.append("no narrow space before :")
            case "'": if before.isLetter { faults.append("straight apostrophe") }
            case "«": if after != "\u{A0}" { faults.append("no no-break space after «") }
            case "»": if before != "\u{A0}" { faults.append("no no-break space before »") }
            default: break
            }
        }
        return faults
    }

    /// The text without what stands between backticks, its escapes resolved, and a letter for each
    /// value put into it.
    static func readable(_ literal: String) -> [Character] {
        var text: [Character] = []
        var rest = Array(literal)[...]
        var isQuoted = false
        while let character = rest.popFirst() {
            if character == "`" {
                isQuoted.toggle()
            } else if character == "\\", let next = rest.popFirst() {
                if next == "u" {
                    let digits = rest.dropFirst().prefix { $0 != "}" }
                    rest = rest.dropFirst(digits.count + 2)
                    let scalar = UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init)
                    if !isQuoted, let scalar { text.append(Character(scalar)) }
                } else if next == "(" {
                    var depth = 1
                    while depth > 0, let inner = rest.popFirst() {
                        depth += inner == "(" ? 1 : inner == ")" ? -1 : 0
                    }
                    if !isQuoted { text.append("x") }
                }
            } else if !isQuoted {
                text.append(character)
            }
        }
        return text
    }

    /// The literals between each `fr:` of a file and the `en:` that follows it.
    static func texts(_ file: SourceTree.File) -> [Text] {
        var texts: [Text] = []
        var isFrench = false
        var isBlock = false
        for (number, line) in file.lines.enumerated() {
            var rest = Substring(line)
            while true {
                if isBlock {
                    let end = rest.firstRange(of: "\"\"\"")
                    let text = end.map { rest[..<$0.lowerBound] } ?? rest
                    if isFrench, !text.allSatisfy({ $0 == " " }) {
                        let place = "\(file.path):\(number + 1)"
                        texts.append(Text(place: place, text: String(text)))
                    }
                    guard let end else { break }
                    isBlock = false
                    rest = rest[end.upperBound...]
                    continue
                }
                guard let quote = rest.firstIndex(of: "\"") else {
                    mark(rest, &isFrench)
                    break
                }
                mark(rest[..<quote], &isFrench)
                if rest[quote...].hasPrefix("\"\"\"") {
                    isBlock = true
                    rest = rest[rest.index(quote, offsetBy: 3)...]
                    continue
                }
                let (text, after) = literal(rest[rest.index(after: quote)...])
                if isFrench {
                    texts.append(Text(place: "\(file.path):\(number + 1)", text: text))
                }
                rest = after
            }
        }
        return texts
    }

    private static func mark(_ code: Substring, _ isFrench: inout Bool) {
        let ends = ["func ", "var ", "let ", "case ", "struct ", "enum "]
        if isFrench, ends.contains(where: { code.contains($0) }) { isFrench = false }
        let labels = code.split { !$0.isLetter && $0 != ":" }
        for label in labels where label == "fr:" || label == "en:" { isFrench = label == "fr:" }
    }

    /// A literal up to its closing quotation mark, and what follows it.
    private static func literal(_ code: Substring) -> (text: String, rest: Substring) {
        var depth = 0
        var place = code.startIndex
        while place < code.endIndex {
            switch code[place] {
            case "\\":
                let next = code.index(after: place)
                if next < code.endIndex, code[next] == "(" { depth += 1 }
                place = next
            case "(" where depth > 0: depth += 1
            case ")" where depth > 0: depth -= 1
            case "\"" where depth == 0:
                return (String(code[..<place]), code[code.index(after: place)...])
            default: break
            }
            if place < code.endIndex { place = code.index(after: place) }
        }
        return (String(code), code[code.endIndex...])
    }
}
