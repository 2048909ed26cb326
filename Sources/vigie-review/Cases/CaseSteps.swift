// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Conduct
import Diagnostics
import LogStorage
import Reporting
import Reviewing
import TransparencyLog

/// What each step of a case needs: the log and its private key, the case, the policies.
struct StepOptions: ParsableArguments {
    @OptionGroup var writer: WriterOptions
    @Argument(
        help: ArgumentHelp(
            fr: "Le dossier, tel que `vigie case list` le nomme.",
            en: "The case, as `vigie case list` names it."))
    var caseID: String
    @OptionGroup var policies: ReviewPolicies

    @Flag(
        help: ArgumentHelp(
            fr: "Contrôler que l’étape peut suivre, et ne rien consigner.",
            en: "Check that the step may follow, and record nothing."))
    var dryRun = false

    /// Records a step that may follow.
    ///
    /// - Parameters:
    ///   - console: Where to write.
    ///   - make: Makes the step of the case as it is.
    /// - Returns: How it ended.
    /// - Throws: ``Reviewing/ReviewError`` if it may not.
    func record(
        on console: Console, _ make: (Case) throws -> CaseRecord
    ) throws -> Verdict {
        let key = try writer.verificationKey(on: console)
        let reviewed = try ReviewedLog(WriterOptions.trimmed(writer.log), key: key, policies)
        let item = try reviewed.register.find(caseID)
        let record = try make(item)
        let state = try reviewed.register.check(record)
        let recorder = EntryRecorder(writer, isDryRun: dryRun, console)
        let index = try recorder.append([record.draft(rule: item.rules.first ?? "")])
        try recorder.publish([
            ("case", .string(item.id)), ("step", .string(record.step.rawValue)),
            ("state", .string(state.rawValue)), ("entry_index", EntryRecorder.node(index)),
        ])
        let entry = EntryRecorder.text(index)
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Verdict\u{202F}: dossier \(item.id), \(state.text.french), entrée \(entry).",
                en: "Verdict: case \(item.id), \(state.text.english), entry \(entry)."))
    }

    /// A step that takes place now.
    func step(
        _ step: CaseStep, _ item: Case, reviewer: String? = nil,
        person: CaseRecord.Person? = nil, code: String? = nil
    ) -> CaseRecord {
        CaseRecord(
            step, of: item.id, at: WriterOptions.clock(), reviewer: reviewer, person: person,
            code: code)
    }
}

/// Says that somebody must look at a case.
struct CaseRaise: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "raise",
            abstract: LocalizedText(
                fr: "Dire qu’un dossier est à instruire, ou à instruire de nouveau.",
                en: "Say that a case is to be reviewed, or reviewed again."))
    }
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { options.step(.raise, $0) }
    }
}

/// Explains a case by a harmless reason.
struct CaseExplain: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "explain",
            abstract: LocalizedText(
                fr: "Consigner le motif codé qui explique un dossier.",
                en: "Record the coded reason that explains a case."))
    }
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions
    @Option(
        help: ArgumentHelp(
            fr: "Le motif, un code.",
            en: "The reason, a code."))
    var reason: String

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { options.step(.explain, $0, code: reason) }
    }
}

/// Names the reviewer of a case.
struct CaseAssign: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "assign",
            abstract: LocalizedText(
                fr: """
                    Nommer le relecteur\u{202F}: ni dans la ligne du conseiller, ni auteur de la \
                    politique.
                    """,
                en: "Name the reviewer: not in the adviser's line, nor the policy's author."))
    }
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions
    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme du relecteur.",
            en: "The pseudonym of the reviewer."))
    var reviewer: String
    @Option(
        help: ArgumentHelp(
            fr: "Son rôle\u{202F}: DPO, DPO_ADJ, AUDIT, RSSI, RESP ou REF_PILOTE.",
            en: "Their role: DPO, DPO_ADJ, AUDIT, RSSI, RESP or REF_PILOTE."))
    var role: String
    @Option(
        help: ArgumentHelp(
            fr: "Sa région, un code INSEE\u{202F}; il la faut pour REF_PILOTE.",
            en: "Their region, an INSEE code; needed for REF_PILOTE."))
    var region = ""
    @Option(
        help: ArgumentHelp(
            fr: "Son établissement\u{202F}; il le faut pour RESP.",
            en: "Their establishment; needed for RESP."))
    var establishment = ""

    func perform(on console: Console) throws -> Verdict {
        let person = CaseRecord.Person(
            pid: reviewer, role: role, region: region, establishment: establishment)
        return try options.record(on: console) {
            options.step(.assign, $0, reviewer: reviewer, person: person)
        }
    }
}

/// Records that the adviser was heard.
struct CaseHear: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "hear",
            abstract: LocalizedText(
                fr: """
                    Consigner que le conseiller d’un dossier a été entendu\u{202F}; personne n’est \
                    nommé sur la ligne de commande.
                    """,
                en: """
                    Record that the adviser of a case was heard; nobody is named on the command line.
                    """))
    }
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { item in
            options.step(
                .hear, item,
                person: item.key.actor.map { CaseRecord.Person(pid: $0, role: "") })
        }
    }
}

/// Who decides a case, and how.
struct DecisionOptions: ParsableArguments {
    @OptionGroup var step: StepOptions
    @Option(
        help: ArgumentHelp(
            fr: "Le pseudonyme du relecteur à qui le dossier est affecté.",
            en: "The pseudonym of the reviewer whom the case is assigned to."))
    var reviewer: String
    @Option(
        help: ArgumentHelp(
            fr: "L’issue, un code.",
            en: "The outcome, a code."))
    var outcome: String

    func record(_ decision: CaseStep, on console: Console) throws -> Verdict {
        try step.record(on: console) {
            step.step(decision, $0, reviewer: reviewer, code: outcome)
        }
    }
}

/// Confirms a case.
struct CaseConfirm: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "confirm",
            abstract: LocalizedText(
                fr: "Confirmer un dossier, une fois le conseiller entendu.",
                en: "Confirm a case, once the adviser was heard."))
    }
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: DecisionOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(.confirm, on: console)
    }
}

/// Dismisses a case.
struct CaseDismiss: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "dismiss",
            abstract: LocalizedText(
                fr: "Écarter un dossier, avec le motif codé.",
                en: "Dismiss a case, with the coded reason."))
    }
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: DecisionOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(.dismiss, on: console)
    }
}

/// Records what was mended.
struct CaseCorrect: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "correct",
            abstract: LocalizedText(
                fr: "Consigner la correction d’un dossier confirmé.",
                en: "Record the corrective action of a confirmed case."))
    }
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions
    @Option(
        help: ArgumentHelp(
            fr: "La mesure prise, un code.",
            en: "The measure taken, a code."))
    var measure: String

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { options.step(.correct, $0, code: measure) }
    }
}

/// Closes a case.
struct CaseClose: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "close",
            abstract: LocalizedText(
                fr: "Clore un dossier corrigé, écarté ou expliqué.",
                en: "Close a case that was corrected, dismissed or explained."))
    }
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { options.step(.close, $0) }
    }
}
