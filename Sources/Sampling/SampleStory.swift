// SPDX-License-Identifier: Apache-2.0

public import Auditing
import Cryptography
public import Diagnostics
import TransparencyLog

/// A small log that shows one thing, in a folder of its own.
public struct SampleStory: Sendable {
    /// What is done to the log after it was written.
    enum Tampering: Sendable {
        case none, alter, drop, reorder, tear
    }

    /// The name of the folder.
    public let name: String
    /// What the story is called.
    public let title: LocalizedText
    /// What happens in it, and what the audit must say.
    public let plot: LocalizedText

    let seed: UInt64
    let tampering: Tampering
    let tell: @Sendable (inout CaseBook) -> Void
    /// Whether the policy set changes on the pilot's second day.
    var changesPolicy = false

    /// Writes the story's folder anew.
    ///
    /// Same story and same policy set, same bytes: keys, clock and draws are fixed.
    ///
    /// - Throws: Any error of the log's storage or of the file system.
    public func write(to folder: SampleFolder, policies: PolicyArchive) throws {
        try folder.folder("log").remove()
        let second = Self.secondVersion(of: policies)
        var book = CaseBook(
            seed: seed, policyVersion: policies.version.hex, pilotStart: Self.pilotStart,
            pilotEnd: Self.pilotStart + 2)
        if changesPolicy {
            book.change = CaseBook.PolicyChange(
                version: second.version.hex, instant: SampleTime.paris(Self.pilotStart + 1, 6))
        }
        book.openPilot(from: Self.firstDay)
        for place in 0..<3 {
            book.pool.append(
                book.recruit(at: SampleTime.paris(Self.firstDay + 1, 7) + Int64(place) * 9000))
        }
        tell(&book)
        var generator = SampleGenerator(book, Self.activity)
        let writer = SampleLogWriter(
            folder, name: name, policies: changesPolicy ? [policies, second] : [policies])
        try writer.write(&generator, unsignedCount: tampering == .tear ? 3 : 0)
        try StoryTampering(folder: folder.folder("log")).apply(tampering)
        try folder.write(readMe, to: "README.md")
    }

    static let pilotStart = SampleTime.dayNumber(2026, 10, 1)
    static let firstDay = pilotStart - 3

    private static let activity = SampleActivity(
        advisers: 4, employmentAdvisers: 1, personsPerAdviser: 8, offers: 7, accessesMin: 6,
        accessesMax: 9, heartbeatMinutes: 0, firstDay: firstDay, endDay: pilotStart + 2,
        pilotStart: pilotStart, pilotEnd: pilotStart + 2, hasChanges: false, isShort: true)

    /// The same policy set under the next label: another version, with the same rules.
    private static func secondVersion(of archive: PolicyArchive) -> PolicyArchive {
        PolicyArchive(
            archive.files.map { file in
                guard file.path == "policy-set.yaml" else { return file }
                let text = String(decoding: file.bytes, as: UTF8.self)
                return PolicyArchive.File(
                    path: file.path,
                    bytes: Array(text.replacing("label: \"1\"", with: "label: \"2\"").utf8))
            })
    }

    private var readMe: String {
        """
        # \(title[.french])

        \(plot[.french])

        Les dates, les personnes, les employeurs et les références sont inventés. Le journal est refait \
        par `make samples`, octet pour octet\u{202F}; sa clé privée est connue de tous et ne protège rien.

            vigie audit audit-samples/\(name)/log --key @audit-samples/\(name)/log.vkey \\
                --policies policies/pilote-linkedin --lang fr --plain

        `expected.txt` est ce que cette commande affiche, `expected.json` ce qu’elle écrit avec \
        `--format json`.

        ---

        # \(title[.english])

        \(plot[.english])

        Dates, persons, employers and references are invented. The log is remade by `make samples`, byte \
        for byte; its private key is known to all and protects nothing.

        `expected.txt` is what the command above prints, `expected.json` what it writes with \
        `--format json`.

        """
    }
}

// MARK: - What every story starts with

extension CaseBook {
    /// Consultation, notice, policy set and pilot: the beginning of every story.
    mutating func openPilot(from day: Int) {
        let start = SampleTime.paris(day, 7)
        let minute = SampleTime.minute
        add(
            "claim.register", .governance, start,
            [(.reference, .text("DATES-INVENTEES")), (.value, .integer(0))])
        add(consultation("central", at: start + minute, hash: policyVersion))
        add("notice.staff", .governance, start + 2 * minute, [(.reference, .text("NOTE-1"))])
        adoptPolicy("1", hash: policyVersion, at: start + 3 * minute)
        startPilot(at: start + 200 * minute)
        arrangePlatform(at: start + 210 * minute, until: SampleTime.paris(pilotEnd + 60, 0))
        guard let change else { return }
        add(consultation("central", at: change.instant - 9 * SampleTime.hour, hash: change.version))
        adoptPolicy("2", hash: change.version, at: change.instant - 2 * SampleTime.hour)
    }
}
