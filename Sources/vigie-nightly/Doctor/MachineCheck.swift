// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import Glibc
import Reporting

/// The machine: its clock, its disk, and whether the folders can be written.
struct MachineCheck {
    private let settings: Settings
    private let now: Int64
    private let lastRecordedAt: Int64?
    private static let gibibyte: UInt64 = 1 << 30

    init(_ settings: Settings, now: Int64, lastRecordedAt: Int64?) {
        (self.settings, self.now, self.lastRecordedAt) = (settings, now, lastRecordedAt)
    }

    var checkups: [Checkup] { [clock, disk] + folders }

    /// A clock behind the log's last entry is wrong; one that nothing sets is worth a look.
    private var clock: Checkup {
        func checkup(_ state: Checkup.State, _ seen: LocalizedText) -> Checkup {
            Checkup("clock", state, fr: "Horloge", en: "Clock", seen: seen)
        }
        let shown = ShownInstant(now).utc
        if let lastRecordedAt, now < lastRecordedAt {
            let last = ShownInstant(lastRecordedAt).utc
            return checkup(
                .bad,
                LocalizedText(
                    fr: "\(shown), avant la dernière entrée du journal (\(last))",
                    en: "\(shown), before the log's last entry (\(last))"))
        }
        // What systemd-timesyncd leaves once it has set the clock, or where another server of
        // time keeps its socket.
        let traces = ["/run/systemd/timesync/synchronized", "/run/chrony", "/run/ntpd.pid"]
        guard traces.contains(where: { unsafe access($0, F_OK) == 0 }) else {
            return checkup(
                .warning,
                LocalizedText(
                    fr: "\(shown), réglée par aucun serveur de temps",
                    en: "\(shown), set by no time server"))
        }
        return checkup(.good, LocalizedText(both: shown))
    }

    private var disk: Checkup {
        func checkup(_ state: Checkup.State, _ seen: LocalizedText) -> Checkup {
            Checkup("disk", state, fr: "Espace disque", en: "Disk space", seen: seen)
        }
        var system = statvfs()
        guard unsafe statvfs(settings.log, &system) == 0 else {
            return checkup(.bad, LocalizedText(both: SystemFailure.name(errno)))
        }
        let free = UInt64(system.f_bavail) * UInt64(system.f_frsize)
        let mebibytes = free >> 20
        let isLow = free < Self.gibibyte || system.f_bavail < system.f_blocks / 20
        let state: Checkup.State = free < Self.gibibyte / 8 ? .bad : isLow ? .warning : .good
        return checkup(
            state,
            LocalizedText(
                fr: "libres\u{202F}: \(Sentence.count(mebibytes, .french)) Mio",
                en: "free: \(Sentence.count(mebibytes, .english)) MiB"))
    }

    /// The folders that the run writes to.
    private var folders: [Checkup] {
        var paths = settings.reports.compactMap { report in
            report.split(separator: "=", maxSplits: 1).last.map(String.init)
        }
        if let checkpoint = settings.checkpoint { paths.append(checkpoint) }
        var folders = paths.map { path in
            path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        }
        if settings.record { folders.append(settings.log) }
        var seen: Set<String> = []
        return folders.filter { seen.insert($0).inserted }.map { folder in
            let mayWrite = unsafe access(folder.isEmpty ? "/" : folder, W_OK | X_OK) == 0
            return Checkup(
                "folder", mayWrite ? .good : .bad, fr: "Dossier", en: "Folder",
                seen: mayWrite
                    ? LocalizedText(both: folder)
                    : LocalizedText(
                        fr: "\(folder) ne peut pas être écrit", en: "\(folder) cannot be written"))
        }
    }
}
