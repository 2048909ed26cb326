// SPDX-License-Identifier: Apache-2.0

import Cryptography
public import Diagnostics
import Reporting
public import TransparencyLog

/// A released summary: the page in each language, under one signed statement.
public struct SummaryFile: Sendable {
    /// The signed statement.
    public let note: SignedNote
    /// The document as JSON.
    public let json: String
    private let pages: [Language: String]

    /// The greatest size of a file, in bytes.
    public static let byteCountMax = 1 << 25

    /// Renders a document in both languages and signs what they say.
    ///
    /// - Throws: ``NoteError/signingFailed`` if libcrypto fails.
    public init(_ document: SummaryDocument, key: LogSigningKey) throws(NoteError) {
        json = document.json
        var digests = ["data": SHA256Digest(of: json)]
        var pages: [Language: String] = [:]
        for language in Language.allCases {
            let body = SummaryPage(document, language).body
            let page = PageFrame(
                language: language, title: SummaryWords.title[language], body: body, json: json,
                key: key.verificationKey.text
            ).text
            pages[language] = page
            digests["body-\(language.rawValue)"] = SHA256Digest(of: body)
            digests["page-\(language.rawValue)"] = SHA256Digest(of: page)
        }
        self.pages = pages
        var note = SignedNote(text: SummaryStatement(document, digests).text)
        try note.sign(with: key)
        self.note = note
    }

    /// The file in one language, with the statement and what proves that it was recorded.
    public func html(in language: Language, receipt: String) -> String {
        let page = pages[language] ?? ""
        let text = String(decoding: note.bytes, as: UTF8.self)
        return PageFrame.filled(page, note: text, receipt: receipt)
    }
}

/// The file around a page: everything that is signed but what holds the signature.
struct PageFrame {
    let language: Language
    let title: String
    let body: String
    let json: String
    let key: String

    static let noteStart = "<script type=\"text/plain\" id=\"note\">"
    static let receiptStart = "<script type=\"application/json\" id=\"receipt\">"
    static let dataStart = "<script type=\"application/json\" id=\"data\">"
    static let end = "</script>"

    var text: String {
        let script = SelfCheck.script(language)
        let policy =
            "default-src 'none'; style-src \(HTMLText.policyHash(PageStyle.text)); "
            + "script-src \(HTMLText.policyHash(script)); base-uri 'none'; form-action 'none'"
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(Markup(title).text)</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body>
            <header><p id="check" role="status">\(Markup(SummaryWords.unchecked[language]).text)</p></header>
            <main>\(body)</main>
            <script type="text/plain" id="key">\(key)</script>
            \(Self.dataStart)\(json)\(Self.end)
            \(Self.noteStart)\(Self.end)
            \(Self.receiptStart)\(Self.end)
            <script>\(script)</script>
            </body>
            </html>

            """
    }

    /// The file with its statement and receipt in place.
    static func filled(_ page: String, note: String, receipt: String) -> String {
        guard let places = places(in: page) else { return page }
        return page[..<places.note.lowerBound] + note
            + page[places.note.upperBound..<places.receipt.lowerBound] + receipt
            + page[places.receipt.upperBound...]
    }

    /// Where a file has its statement and its receipt.
    static func places(
        in page: String
    ) -> (note: Range<String.Index>, receipt: Range<String.Index>)? {
        guard let note = content(noteStart, in: page[...]),
            let receipt = content(receiptStart, in: page[note.upperBound...])
        else { return nil }
        return (note, receipt)
    }

    /// Where the content of the element that begins with a text is.
    static func content(_ start: String, in page: Substring) -> Range<String.Index>? {
        guard let opening = page.utf8.firstRange(of: Array(start.utf8)),
            let closing = page[opening.upperBound...].utf8.firstRange(of: Array(end.utf8))
        else { return nil }
        return opening.upperBound..<closing.lowerBound
    }
}
