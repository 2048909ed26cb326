// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import Glibc

/// What the command finds around it, read once at the edge and passed on.
public struct Surroundings: Sendable {
    /// The descriptor that data goes to.
    public var output: Int32
    /// The descriptor that everything else goes to.
    public var errors: Int32
    /// The environment variables that the tool reads.
    public var variables: [String: String]
    /// What the user typed in place of the program's name, where `vigie` became this program.
    public var typed: String?

    /// Makes surroundings: those of a process without environment, by default.
    public init(
        output: Int32 = 1, errors: Int32 = 2, variables: [String: String] = [:]
    ) {
        (self.output, self.errors, self.variables) = (output, errors, variables)
    }

    /// The surroundings of this process.
    public static func ofProcess() -> Surroundings {
        var found = Surroundings()
        found.typed = CommandLine.arguments.first.flatMap { name in
            name == "vigie" || name.hasPrefix("vigie ") ? name : nil
        }
        let names = [
            "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS", "CREDENTIALS_DIRECTORY",
            "SSL_CERT_FILE",
        ]
        for name in names {
            guard let value = unsafe getenv(name) else { continue }
            found.variables[name] = unsafe String(cString: value)
        }
        return found
    }

    /// The language of the locale: French where it says so, else English.
    public var language: Language {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
            .compactMap { variables[$0] }.first { !$0.isEmpty }
        return locale?.hasPrefix("fr") == true ? .french : .english
    }

    /// Whether a descriptor is a terminal.
    public func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The number of columns to write in.
    public var width: Int {
        var size = winsize()
        if unsafe ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 {
            return Int(size.ws_col)
        }
        let columns = variables["COLUMNS"].flatMap { Int($0) } ?? 100
        return min(max(columns, 40), 400)
    }
}
