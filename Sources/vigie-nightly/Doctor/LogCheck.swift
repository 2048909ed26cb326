// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import LogStorage
import Reporting
import TransparencyLog

/// The log: it is there, it is intact, and the last recorded run is not long ago.
struct LogCheck {
    private let settings: Settings
    private let now: Int64
    /// How long ago the last run may be: a night and two hours (rule R36).
    private static let ageMax: Int64 = 26 * 3_600_000

    /// What the other checks need of the log.
    struct Seen {
        /// When the last entry was recorded, in milliseconds since 1970.
        var lastRecordedAt: Int64?
    }

    init(_ settings: Settings, now: Int64) { (self.settings, self.now) = (settings, now) }

    /// Verifies the log, and looks for the last run.
    func look() -> (Seen?, [Checkup]) {
        func checkup(_ state: Checkup.State, _ seen: LocalizedText) -> Checkup {
            Checkup("log", state, fr: "Journal", en: "Log", seen: seen)
        }
        do {
            let text = settings.key.hasPrefix("@") ? settings.key : "@" + settings.key
            let key = try LogOptions.verificationKey(text)
            let verifier = LogVerifier(keys: [key])
            let verification = verifier.verify(
                LogReader(try LogOptions.folder(settings.log)), workers: LogOptions.processorCount)
            guard let log = verification.log else {
                return (
                    nil,
                    [
                        checkup(
                            .bad,
                            LocalizedText(
                                fr: "altéré ou illisible\u{202F}: `vigie verify` dit où",
                                en: "altered or unreadable: `vigie verify` says where"))
                    ]
                )
            }
            let size = log.treeSize
            let good = checkup(
                .good,
                LocalizedText(
                    fr: "intact, entrées\u{202F}: \(Sentence.count(size, .french))",
                    en: "intact, entries: \(Sentence.count(size, .english))"))
            let seen = Seen(lastRecordedAt: verification.report.recordedAt?.upperBound)
            return (seen, [good, try lastRun(log)])
        } catch {
            return (nil, [checkup(.bad, .reason(of: error))])
        }
    }

    private func lastRun(_ log: VerifiedLog) throws -> Checkup {
        func checkup(_ state: Checkup.State, _ seen: LocalizedText) -> Checkup {
            Checkup("last-run", state, fr: "Dernier contrôle", en: "Last run", seen: seen)
        }
        var last: (time: Int64, isComplete: Bool, code: String)?
        try log.replay { entry in
            let isComplete = entry.type == "check.complete"
            guard isComplete || entry.type == "check.fail" else { return }
            let code = entry.string(.outcomeCode) ?? entry.string(.reasonCode) ?? "–"
            last = (entry.occurredAt, isComplete, code)
        }
        guard let last else {
            return checkup(
                .warning,
                LocalizedText(
                    fr: "le journal n’en consigne aucun", en: "the log records none"))
        }
        let date = ShownInstant(last.time)
        let seen = LocalizedText(
            fr: "\(date.paris(in: .french)), code \(last.code)",
            en: "\(date.paris(in: .english)), code \(last.code)")
        let isLate = now - last.time > Self.ageMax
        return checkup(!last.isComplete ? .bad : isLate ? .warning : .good, seen)
    }
}
