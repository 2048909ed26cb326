// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import LogStorage

extension LogOutlook {
    /// Says what whoever opens the log for writing would do before anything else.
    public func say(on console: Console) {
        if let torn = tornTail {
            console.say(
                LocalizedText(
                    fr: """
                        D’abord\u{202F}: \(torn.byteCount) octets d’une fin déchirée seraient mis de \
                        côté, et l’entrée \(size) le consignerait.
                        """,
                    en: """
                        First: \(torn.byteCount) bytes of a torn tail would be set aside, and entry \
                        \(size) would record that.
                        """))
        }
        if finishesRotation {
            console.say(
                LocalizedText(
                    fr: "D’abord\u{202F}: une rotation de clé interrompue serait achevée.",
                    en: "First: a rotation of the key that was cut short would be finished."))
        }
        if let purging, let last = purging.last {
            console.say(
                LocalizedText(
                    fr: """
                        D’abord\u{202F}: la purge interrompue des entrées \(purging.lowerBound) à \
                        \(last) serait achevée.
                        """,
                    en: """
                        First: the purge of entries \(purging.lowerBound) to \(last) that was cut \
                        short would be finished.
                        """))
        }
    }
}
