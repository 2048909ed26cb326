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
    @Argument(help: "The case, as `vigie case list` names it.") var caseID: String
    @OptionGroup var policies: ReviewPolicies

    @Flag(help: "Check that the step may follow, and record nothing.")
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
        let key = try ReviewedLog.key(of: writer, on: console)
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
    static let configuration = CommandConfiguration(
        commandName: "raise", abstract: "Say that a case is to be reviewed, or reviewed again.")
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { options.step(.raise, $0) }
    }
}

/// Explains a case by a harmless reason.
struct CaseExplain: Verb {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Record the coded reason that explains a case.")
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions
    @Option(help: "The reason, a code.") var reason: String

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { options.step(.explain, $0, code: reason) }
    }
}

/// Names the reviewer of a case.
struct CaseAssign: Verb {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Name the reviewer: not in the adviser's line, nor the policy's author.")
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions
    @Option(help: "The pseudonym of the reviewer.") var reviewer: String
    @Option(help: "Their role: DPO, DPO_ADJ, AUDIT, RSSI, RESP or REF_PILOTE.") var role: String
    @Option(help: "Their region, an INSEE code; needed for REF_PILOTE.") var region = ""
    @Option(help: "Their establishment; needed for RESP.") var establishment = ""

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
    static let configuration = CommandConfiguration(
        commandName: "hear",
        abstract:
            "Record that the adviser of a case was heard; nobody is named on the command line.")
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
    @Option(help: "The pseudonym of the reviewer whom the case is assigned to.")
    var reviewer: String
    @Option(help: "The outcome, a code.") var outcome: String

    func record(_ decision: CaseStep, on console: Console) throws -> Verdict {
        try step.record(on: console) {
            step.step(decision, $0, reviewer: reviewer, code: outcome)
        }
    }
}

/// Confirms a case.
struct CaseConfirm: Verb {
    static let configuration = CommandConfiguration(
        commandName: "confirm", abstract: "Confirm a case, once the adviser was heard.")
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: DecisionOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(.confirm, on: console)
    }
}

/// Dismisses a case.
struct CaseDismiss: Verb {
    static let configuration = CommandConfiguration(
        commandName: "dismiss", abstract: "Dismiss a case, with the coded reason.")
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: DecisionOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(.dismiss, on: console)
    }
}

/// Records what was mended.
struct CaseCorrect: Verb {
    static let configuration = CommandConfiguration(
        commandName: "correct", abstract: "Record the corrective action of a confirmed case.")
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions
    @Option(help: "The measure taken, a code.") var measure: String

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { options.step(.correct, $0, code: measure) }
    }
}

/// Closes a case.
struct CaseClose: Verb {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close a case that was corrected, dismissed or explained.")
    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: StepOptions

    func perform(on console: Console) throws -> Verdict {
        try options.record(on: console) { options.step(.close, $0) }
    }
}
