// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Temporal

/// One case of the MonPoly monitor's own tests: a run and its expected output.
public struct MonPolyCase: Decodable, Sendable {
    /// The name of the case.
    public let id: String
    /// The options of the run.
    public let args: [String]
    /// The whole command line, with a `grep` if the output was filtered.
    public let command: String
    /// The signature.
    public let sig: String
    /// The formula.
    public let formula: String
    /// The log; none where the formula is only checked.
    public let log: String?
    /// What MonPoly prints.
    public let expected: String

    /// Reads a file with one case a line.
    public static func cases(in data: Data) throws -> [MonPolyCase] {
        let decoder = JSONDecoder()
        return try data.split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(MonPolyCase.self, from: Data($0))
        }
    }

    /// Why the case says nothing about this monitor; none if it applies.
    public var notApplicableReason: String? {
        if args.contains("-load") { return "resumes from a state file of MonPoly's own format" }
        if args.contains("-save") { return "writes a state file of MonPoly's own format" }
        return nil
    }

    /// The options, in this monitor's words.
    public var options: MonitorTranscript.Options {
        var options = MonitorTranscript.Options()
        options.isVerbose = args.contains("-verbose")
        options.checksOnly = args.contains("-check")
        options.isVerbatim = args.contains("-no_rw")
        options.isNegated = args.contains("-negate")
        options.endsTime = !args.contains("-nonewlastts")
        options.dropsEmptyPoints = !args.contains("-nofilteremptytp")
        if let index = args.firstIndex(of: "-debug"), index + 1 < args.count {
            options.showsTyping = args[index + 1].contains("typing")
        }
        if let index = args.firstIndex(of: "-unfold_let"), index + 1 < args.count {
            options.unfolding = LetUnfolding(rawValue: args[index + 1]) ?? .no
        }
        return options
    }

    /// What this monitor prints for the case.
    public var actual: String {
        let transcript = MonitorTranscript(
            signature: Array(sig.utf8), formula: Array(formula.utf8),
            log: log.map { Array($0.utf8) }, options: options)
        return filtered(transcript.output + transcript.warnings)
    }

    /// Whether the output is the expected one, up to blank ends.
    public var isSame: Bool {
        actual.trimmingCharacters(in: .whitespacesAndNewlines)
            == expected.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The lines that the command's `grep` keeps.
    private func filtered(_ text: String) -> String {
        guard let pipe = command.range(of: "| grep ") else { return text }
        let parts = command[pipe.upperBound...].split(
            separator: "\"", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return text }
        let following = parts[0].contains("-A 1") ? 1 : 0
        var lines: [Substring] = []
        var remaining = -1
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.contains(parts[1]) { remaining = following } else { remaining -= 1 }
            if remaining >= 0 { lines.append(line) }
        }
        return lines.isEmpty ? "[1]" : lines.joined(separator: "\n")
    }
}
