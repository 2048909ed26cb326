// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Temporal
import Testing

/// A refusal says where, why, and what would do instead, word for word.
@Suite struct RefusalTests {
    private func refusal(_ text: String) -> TemporalError? {
        do throws(TemporalError) {
            _ = try MonitorableFormula(
                text: Array(text.utf8), signature: HostileInputTests.signature)
            return nil
        } catch {
            return error
        }
    }

    @Test func aComparisonBeforeItsRelationIsTurnedRound() throws {
        let error = try #require(refusal("x < 3 AND P(x)"))
        #expect(
            error.diagnostic(file: "rule.mfotl").rendered(in: .french) == """
                rule.mfotl:1:1: erreur TMP111\u{202F}: formule non surveillable `x < 3`\u{202F}: \
                une comparaison seule ne dit pas quelles valeurs parcourir
                  remède\u{202F}: écrire `P(x) AND x < 3`
                """)
    }

    @Test func anUnboundedFutureIsShown() throws {
        let error = try #require(refusal("P(x) AND\n  EVENTUALLY Q(x)"))
        #expect(
            error.diagnostic(file: "rule.mfotl").rendered(in: .english) == """
                rule.mfotl:2:3: error TMP108: unbounded future in `EVENTUALLY[0,*)`
                  remedy: give a deadline, for example [0,30d]
                """)
    }

    @Test func aLogErrorHoldsNoWordOfTheLog() throws {
        let text = Array("@1 W(\"Durand\" \"Paris\")".utf8)
        var reader = try LogReader(text: text, signature: HostileInputTests.signature)
        do throws(TemporalError) {
            _ = try reader.next()
            Issue.record("the log was read")
        } catch {
            #expect(!error.diagnostic.rendered(in: .english).contains("Paris"))
        }
    }
}
