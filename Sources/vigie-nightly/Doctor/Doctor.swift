// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Reporting

/// Checks that this machine can audit: keys, clock, disk, log, policies, last run, witnesses.
struct Doctor: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "doctor",
            abstract: LocalizedText(
                fr: "Vérifier que l’audit de nuit peut tourner, et a tourné.",
                en: "Check that the nightly audit can run, and did."),
            discussion: LocalizedText(
                fr: """
                    Rien n’est changé. Code 0 si rien n’est en défaut, 78 sinon\u{202F}; ce qui ne \
                    mérite qu’un regard ne change pas le code.
                    """,
                en: """
                    It changes nothing. It exits 0 if nothing is at fault, 78 if something is; what is \
                    only worth a look does not change the exit code.
                    """))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var settings: SettingsOptions

    func perform(on console: Console) throws -> Verdict {
        let settings = try settings.load(console)
        let now = WriterOptions.clock()
        var checkups = KeyCheck(settings).checkups
        let (log, found) = LogCheck(settings, now: now).look()
        checkups += found
        checkups += PolicyCheck(settings).checkups
        checkups += MachineCheck(settings, now: now, lastRecordedAt: log?.lastRecordedAt).checkups
        checkups += settings.witnesses.map { WitnessCheck(address: $0).checkup }
        let faults = checkups.count { $0.state == .bad }
        let looks = checkups.count { $0.state == .warning }
        let status: ExitStatus = faults == 0 ? .complete : .badConfiguration
        if console.format == .json {
            try console.write(
                document: [("checks", .array(checkups.map(\.node)))], status: status,
                isComplete: true)
        } else {
            for checkup in checkups { try console.write(checkup.line(in: console.language)) }
        }
        return Verdict(
            status: status,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: défauts \(faults), points à voir \(looks).",
                en: "Verdict: faults \(faults), worth a look \(looks)."))
    }
}
