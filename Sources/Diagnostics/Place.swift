// SPDX-License-Identifier: Apache-2.0

/// Where a diagnostic points.
public enum Place: Hashable, Sendable {
    /// No place: the command as a whole.
    case nowhere
    /// An option or an argument of the command line, as the user writes it.
    case option(String)
    /// A whole file or folder.
    case file(String)
    /// A position in a text file; line and column count from 1.
    case text(file: String, line: Int, column: Int)
    /// An entry of a log; the index counts from 0, the offset is in bytes from the start of `file`.
    case entry(file: String, index: UInt64, byteOffset: UInt64)

    /// The place with its file named from outside `folder`, where the file was named from inside.
    public func inside(_ folder: String) -> Place {
        var path = folder
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if !path.isEmpty, !path.hasSuffix("/") { path += "/" }
        return self == .nowhere ? .file(folder) : renamed { path + $0 }
    }

    /// The place with another name for its file, made of the one that it has.
    public func renamed(_ name: (String) -> String) -> Place {
        switch self {
        case .nowhere, .option: self
        case .file(let file): .file(name(file))
        case .text(let file, let line, let column):
            .text(file: name(file), line: line, column: column)
        case .entry(let file, let index, let byteOffset):
            .entry(file: name(file), index: index, byteOffset: byteOffset)
        }
    }

    /// The place as printed before a message.
    public func rendered(in language: Language) -> String {
        switch self {
        case .nowhere: return ""
        case .option(let name): return name
        case .file(let path): return path
        case .text(let file, let line, let column): return "\(file):\(line):\(column)"
        case .entry(let file, let index, let byteOffset):
            let (entry, byte) = language == .french ? ("entrée", "octet") : ("entry", "byte")
            return "\(file): \(entry) \(index) (\(byte) \(byteOffset))"
        }
    }
}
