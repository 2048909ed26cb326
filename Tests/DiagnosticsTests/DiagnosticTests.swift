// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing

@Suite struct DiagnosticTests {
    let diagnostic = Diagnostic(
        code: "LOG101", place: .entry(file: "access.log", index: 1, byteOffset: 4),
        message: LocalizedText(
            fr: "le journal finit dans cette entrée", en: "log ends inside this entry"),
        remedy: LocalizedText(fr: "lancez `vigie log recover`", en: "run `vigie log recover`"))

    @Test func rendersInEnglish() {
        #expect(
            diagnostic.rendered(in: .english) == """
                access.log: entry 1 (byte 4): error LOG101: log ends inside this entry
                  remedy: run `vigie log recover`
                """)
    }

    @Test func rendersInFrenchWithNarrowSpaceBeforeColon() {
        #expect(
            diagnostic.rendered(in: .french) == """
                access.log: entrée 1 (octet 4): erreur LOG101\u{202F}: le journal finit dans cette entrée
                  remède\u{202F}: lancez `vigie log recover`
                """)
    }
}
