// SPDX-License-Identifier: Apache-2.0

import Auditing
import Diagnostics
import Reporting
import Testing

@Suite struct CatalogueTests {
    static let sentences: [LocalizedText] = [
        Sentence.accesses(all: 1_234_567, judged: 2, explained: 3),
        Sentence.verdictAltered(places: 1), Sentence.verdictAltered(places: 2),
        Sentence.verdictEmpty, Sentence.verdictUnreadable, Sentence.verdictClean(accesses: 1_000),
        Sentence.verdictIncomplete(notJudged: 1, findings: [(.high, 1)]),
        Sentence.verdictFindings([(.critical, 1), (.low, 2_000)]),
        Sentence.tally([]), Sentence.tally([(.medium, 1)]),
        VerificationSentence.altered, VerificationSentence.unreadable, VerificationSentence.next,
        VerificationSentence.notWitnessed, VerificationSentence.sourceGaps,
        VerificationSentence.findings(1), VerificationSentence.findings(2),
        VerificationSentence.uncovered(1), VerificationSentence.uncovered(2),
        VerificationSentence.damaged(first: 1, last: 2), VerificationSentence.lastGood(nil),
    ]

    @Test func noLabelIsMissing() {
        for label in Label.allCases {
            #expect(Label.texts[label] != nil, "\(label)")
        }
        #expect(Label.texts.count == Label.allCases.count)
    }

    @Test(arguments: Label.allCases.map(\.text) + sentences)
    func textsFollowTheTypographyOfTheirLanguage(text: LocalizedText) {
        #expect(!text.french.isEmpty && !text.english.isEmpty)
        #expect(faults(inFrench: text.french).isEmpty, "\(text.french)")
        #expect(!text.english.contains("\u{202F}"))
        #expect(!text.english.contains("\u{2019}"), "\(text.english)")
    }

    @Test func thousandsAreApart() {
        #expect(Sentence.count(1_234_567, .french) == "1\u{202F}234\u{202F}567")
        #expect(Sentence.count(1_000_007, .english) == "1,000,007")
        #expect(Sentence.count(999, .french) == "999")
        #expect(
            Sentence.count(.max, .english) == "18,446,744,073,709,551,615")
    }

    @Test func theFaultsAreSeen() {
        #expect(faults(inFrench: "l'accès").count == 1)
        #expect(faults(inFrench: "Verdict : oui").count == 1)
        #expect(faults(inFrench: "Verdict: oui").count == 1)
        #expect(faults(inFrench: "« oui »").count == 2)
        #expect(faults(inFrench: "«\u{A0}oui\u{A0}»\u{202F}!").isEmpty)
    }

    /// What a French typographer would correct.
    func faults(inFrench text: String) -> [String] {
        var faults: [String] = []
        let scalars = Array(text.unicodeScalars)
        for (position, scalar) in scalars.enumerated() {
            let before = position > 0 ? scalars[position - 1] : " "
            let after = position + 1 < scalars.count ? scalars[position + 1] : " "
            switch scalar {
            case ":", "!", "?", "%", ";":
                if before != "\u{202F}" { faults.append("\(scalar) at \(position)") }
            case "'": faults.append("straight apostrophe at \(position)")
            case "«": if after != "\u{A0}" { faults.append("« at \(position)") }
            case "»": if before != "\u{A0}" { faults.append("» at \(position)") }
            default: break
            }
        }
        return faults
    }
}
