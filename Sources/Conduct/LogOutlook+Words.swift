// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import LogStorage
public import Reporting

extension LogOutlook {
    /// The members of a command's document that say what would be done first.
    public var members: [(String, JSONNode)] {
        [
            ("torn_bytes", .integer(Int64(tornTail?.byteCount ?? 0))),
            ("finishes_rotation", .boolean(finishesRotation)),
            ("finishes_purge", .boolean(purging != nil)),
        ]
    }

    /// Says what whoever opens the log for writing would do before anything else.
    public func say(on console: Console) {
        if let torn = tornTail {
            let count = LocalizedText.bytes(torn.byteCount)
            console.say(
                LocalizedText(
                    fr: """
                        D’abord\u{202F}: fin déchirée à mettre de côté, \(count.french)\u{202F}; \
                        l’entrée \(size) le consignerait.
                        """,
                    en: """
                        First: a torn tail of \(count.english) to be set aside; entry \(size) would \
                        record that.
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
