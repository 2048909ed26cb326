// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A run of the monitor on texts, reported word for word as the MonPoly monitor does.
public struct MonitorTranscript: Sendable {
    /// The texts of a run.
    public enum Input: Hashable, Sendable {
        /// The signature.
        case signature
        /// The formula.
        case formula
        /// The log.
        case log
    }

    /// The options of a run, named as MonPoly's.
    public struct Options: Hashable, Sendable {
        /// Shows the analysed formula and the answers at every time point.
        public var isVerbose = false
        /// Analyses the formula only.
        public var checksOnly = false
        /// Does not normalise or rewrite the formula.
        public var isVerbatim = false
        /// Monitors the negation of the formula.
        public var isNegated = false
        /// Shows the types that were inferred.
        public var showsTyping = false
        /// Ends time after the log, which closes every open interval.
        public var endsTime = true
        /// Passes over time points that the formula cannot feel.
        public var dropsEmptyPoints = true
        /// Whether `LET` is replaced by its definition.
        public var unfolding = LetUnfolding.no

        /// The defaults.
        public init() {}
    }

    /// The answers and the remarks on the formula.
    public private(set) var output = ""
    /// The warnings, and the failure that ended the run.
    public private(set) var warnings = ""
    /// The failure that ended the run, in our own words.
    public private(set) var failure: Diagnostic?
    /// The text that the failure is about.
    public private(set) var failingInput = Input.signature
    private let options: Options

    /// Runs a formula over a log.
    public init(signature: [UInt8], formula: [UInt8], log: [UInt8]?, options: Options) {
        self.options = options
        do throws(TemporalError) {
            let signature = try Signature(text: signature)
            failingInput = .formula
            let analysis = try FormulaAnalysis(
                text: formula, signature: signature, isNegated: options.isNegated,
                unfolding: options.unfolding, rewrites: !options.isVerbatim)
            describe(analysis)
            if let refusal = analysis.refusal {
                failure = refusal.diagnostic
                return
            }
            guard !options.checksOnly, let log else { return }
            let monitorable = try MonitorableFormula(analysis)
            failingInput = .log
            try run(monitorable, log, signature)
        } catch {
            failure = error.diagnostic
            let message = error.monPolyMessage.map { character -> String in
                switch character {
                case "\"": "\\\""
                case "\\": "\\\\"
                case "\n": "\\n"
                default: String(character)
                }
            }.joined()
            warnings += "Fatal error: exception Failure(\"\(message)\")\n[2]\n"
        }
    }

    private mutating func print(_ line: String) {
        output += line + "\n"
    }

    // MARK: The formula

    private mutating func describe(_ analysis: FormulaAnalysis) {
        if options.showsTyping {
            print(
                "[Rewriting.type_check] The final type judgement is \(analysis.judgement) ⊢ "
                    + analysis.input.description)
        }
        guard options.isVerbose || options.checksOnly else {
            if analysis.unmonitorable != nil {
                print("The formula is NOT monitorable. Use the -check or -verbose flags.")
            }
            return
        }
        let names = analysis.variables.map(\.name).sorted().joined(separator: ",")
        if options.isVerbatim {
            print("The input formula is:\n  \(analysis.input)")
        } else {
            if analysis.analyzed != analysis.input {
                print("The input formula is:\n  \(analysis.normalized)")
            }
            print("The analyzed formula is:\n  \(analysis.analyzed)")
        }
        print("The sequence of free variables is: (\(names))")
        let subject = options.isVerbatim ? "The formula" : "The analyzed formula"
        if let part = analysis.unmonitorable {
            print("\(subject) is NOT monitorable, because of the subformula:\n  \(part.formula)")
            print(part.rule.text.english)
            if !options.isVerbatim { describeSafety(analysis) }
        } else if options.checksOnly || options.isVerbatim {
            print("\(subject) is monitorable.")
        }
    }

    private mutating func describeSafety(_ analysis: FormulaAnalysis) {
        if analysis.normalized.isSafeRange {
            print(
                "However, the input (and also the analyzed) formula is safe-range, \n"
                    + "hence one should be able to rewrite it into a monitorable formula.")
        } else {
            print("The analyzed formula is neither safe-range.")
        }
        let word = analysis.analyzed.isTemporallySafeRange ? "is" : "is not"
        print("By the way, the analyzed formula \(word) TSF safe-range.")
    }

    // MARK: The log

    private mutating func run(
        _ formula: MonitorableFormula, _ log: [UInt8], _ signature: Signature
    ) throws(TemporalError) {
        let isClosed = formula.analysis.variables.isEmpty
        let monitor = try TemporalMonitor(formula, dropsEmptyPoints: options.dropsEmptyPoints)
        var reader = try LogReader(text: log, signature: signature)
        var index = 0
        while let point = try reader.next() {
            let answers = try monitor.advance(to: point)
            if let answers { report(answers, index, isClosed, monitor) }
            index += 1
        }
        if options.endsTime { report(try monitor.finish(), index, isClosed, monitor) }
    }

    private mutating func report(
        _ answers: [Satisfaction], _ index: Int, _ isClosed: Bool, _ monitor: TemporalMonitor
    ) {
        if options.isVerbose { print("At time point \(index):") }
        for answer in answers {
            let head = "@\(answer.timestamp) (time point \(answer.index)): "
            let tuples = answer.tuples.map { tuple in
                "(" + tuple.map(\.description).joined(separator: ",") + ")"
            }
            if options.isVerbose {
                let list = "(" + tuples.joined(separator: ",") + ")"
                print(head + (isClosed ? String(!tuples.isEmpty) : list))
            } else if !tuples.isEmpty {
                print(head + (isClosed ? "true" : tuples.joined(separator: " ")))
            }
        }
        for (operation, value) in monitor.emptyAggregations {
            warnings +=
                "WARNING: \(operation.rawValue) applied on empty relation! "
                + "Resulting value is \(value), by (our) convention.\n"
        }
    }
}

extension TemporalError {
    /// The failure in MonPoly's words, where it has some.
    var monPolyMessage: String {
        switch code {
        case .emptyInterval:
            "[Rewriting.check_wff] The formula contains a negative or empty interval"
        case .unboundedFuture:
            "[Rewriting.check_wff] The formula contains an unbounded future temporal operator. "
                + "It is hence not monitorable."
        case .typeClash:
            "Type error while evaluating term '\(subject)': \(reason.english)"
        case .unknownRelation where subject.contains("/"):
            "[Rewriting.check_syntax] unknown predicate \(subject) in input formula"
        case .malformedAggregation where reason.english.contains("not free"):
            "[Formula_parser.aggreg] Aggregation variable \(subject) is not a free variable in "
                + "the aggregated formula"
        default: diagnostic.message.english
        }
    }
}
