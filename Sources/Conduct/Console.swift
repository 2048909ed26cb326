// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import Glibc
import Reporting

/// Where a command writes, and for whom: data to one descriptor, everything else to another.
public struct Console: Sendable {
    /// The reader of the output went away: the command stops, and says nothing.
    public struct BrokenPipe: Error {
        /// Makes the error.
        public init() {}
    }

    /// What the command finds around it.
    public let surroundings: Surroundings
    /// The language of every sentence.
    public let language: Language
    /// The form of the result.
    public let format: OutputFormat
    /// Whether the result may hold colour.
    public let usesColor: Bool
    /// Whether only the result is wanted.
    public let isQuiet: Bool
    /// Whether more is wanted.
    public let isVerbose: Bool

    /// A console for a verb's options.
    public init(_ options: ConductOptions, _ surroundings: Surroundings) {
        self.surroundings = surroundings
        language = options.lang?.language ?? surroundings.language
        format = options.plain ? .plain : options.format
        isQuiet = options.quiet
        isVerbose = options.verbose
        switch options.color {
        case .always: usesColor = true
        case .never: usesColor = false
        case .auto:
            let refused = surroundings.variables["NO_COLOR"]?.isEmpty == false
            usesColor = !refused && surroundings.isTerminal(surroundings.output)
        }
    }

    /// A console for a command line that could not be read, and so gave no options.
    public init(
        _ format: OutputFormat, _ surroundings: Surroundings, language: Language? = nil
    ) {
        self.surroundings = surroundings
        self.language = language ?? surroundings.language
        self.format = format
        usesColor = false
        isQuiet = false
        isVerbose = false
    }

    /// The number of columns to write in.
    public var width: Int { surroundings.width }

    /// Writes data, as it is.
    public func write(_ text: String) throws {
        try Self.write(Array(text.utf8), to: surroundings.output)
    }

    /// Writes bytes, as they are.
    public func write(_ bytes: [UInt8]) throws { try Self.write(bytes, to: surroundings.output) }

    /// Says something that is not data.
    public func say(_ text: LocalizedText) {
        guard !isQuiet else { return }
        complain(text[language] + "\n")
    }

    /// Prints a diagnostic.
    public func diagnose(_ diagnostic: Diagnostic) {
        guard !isQuiet || diagnostic.severity == .error else { return }
        // A name from an input may hold line feeds, and would forge lines of its own.
        var shown = diagnostic
        shown.place = diagnostic.place.renamed { VisibleText($0).text }
        shown.message = Self.visible(diagnostic.message)
        shown.remedy = Self.visible(diagnostic.remedy)
        complain(VisibleText(shown.rendered(in: language), keepsLineFeeds: true).text + "\n")
    }

    private static func visible(_ text: LocalizedText) -> LocalizedText {
        LocalizedText(fr: VisibleText(text.french).text, en: VisibleText(text.english).text)
    }

    /// Shows how far a long task is, on a terminal only; the line is written over by the next.
    public func showProgress(_ text: LocalizedText) {
        guard !isQuiet, surroundings.isTerminal(surroundings.errors) else { return }
        complain("\r\u{1B}[K\(text[language])")
    }

    /// Wipes the line of progress.
    public func endProgress() {
        guard !isQuiet, surroundings.isTerminal(surroundings.errors) else { return }
        complain("\r\u{1B}[K")
    }

    /// Writes to the descriptor of errors; if even that fails there is nobody left to tell.
    public func complain(_ text: String) {
        try? Self.write(Array(text.utf8), to: surroundings.errors)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            }
            if written >= 0 {
                start += written
            } else if errno == EPIPE {
                throw BrokenPipe()
            } else if errno != EINTR {
                throw CommandError(code: .inputOutput, fact: SystemFailure.name(errno))
            }
        }
    }
}
