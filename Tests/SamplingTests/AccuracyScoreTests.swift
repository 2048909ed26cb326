// SPDX-License-Identifier: Apache-2.0

import Sampling
import Testing

/// Precision and recall against an answer key.
@Suite("Accuracy score")
struct AccuracyScoreTests {
    private func item(_ rule: String, _ index: UInt64, _ kind: AnswerKey.Kind) -> AnswerKey.Item {
        AnswerKey.Item(rule: rule, id: "source/\(index)", index: index, kind: kind, note: "")
    }

    @Test("what is found, missed and unexpected is counted by rule")
    func counts() {
        let key = AnswerKey(items: [
            item("R01", 1, .violation), item("R01", 2, .violation), item("R01", 3, .nearMiss),
            item("R02", 9, .violation),
        ])
        let scores = AccuracyScore.scores(
            claims: [.init(rule: "R01", index: 1), .init(rule: "R01", index: 3)], key: key)
        #expect(scores.map(\.rule) == ["R01", "R02"])
        #expect(scores[0].missed == [2])
        #expect(scores[0].unexpected == [3])
        #expect(scores[0].precision == 0.5)
        #expect(scores[0].recall == 0.5)
        #expect(scores[1].precision == 1)
        #expect(scores[1].recall == 0)
    }
}
