// SPDX-License-Identifier: Apache-2.0

/// Changes a finished log as somebody would who holds its files and not its key.
struct StoryTampering {
    let folder: SampleFolder

    func apply(_ tampering: SampleStory.Tampering) throws(SampleFolderError) {
        switch tampering {
        case .none: break
        case .alter:
            try changeBundles { entries in
                let place = entries.count / 2
                guard
                    let found = entries[place...].firstIndex(where: { Self.region(in: $0) != nil }),
                    let digit = Self.region(in: entries[found])
                else { return }
                entries[found].replaceSubrange(digit..<(digit + 2), with: Array("75".utf8))
            }
        case .drop: try changeBundles { entries in entries.remove(at: entries.count / 2) }
        case .reorder:
            try changeBundles { entries in
                entries.swapAt(entries.count / 2, entries.count / 2 + 1)
            }
        case .tear: try tear()
        }
    }

    /// Where the two digits of a region other than 75 are.
    private static func region(in entry: [UInt8]) -> Int? {
        let key = Array("\"region\":\"".utf8)
        guard let found = entry.firstRange(of: key)?.upperBound,
            entry[found..<(found + 2)] != Array("75".utf8)[...]
        else { return nil }
        return found
    }

    /// Changes the first bundle that holds the entries, and the segment beside it.
    private func changeBundles(_ change: (inout [[UInt8]]) -> Void) throws(SampleFolderError) {
        for name in try folder.files()
        where name.hasPrefix("tile/entries/000") || name == "wal/0.seg" {
            var entries = Self.entries(try folder.read(name))
            // A segment may go on after the bundle: only the same first entries are changed.
            let rest = entries.count > 256 ? Array(entries[256...]) : []
            entries = Array(entries.prefix(256))
            change(&entries)
            try replace(name, (entries + rest).flatMap(Self.framed))
        }
    }

    /// Cuts the last entry in the middle.
    private func tear() throws(SampleFolderError) {
        for name in try folder.files() where name.hasSuffix(".seg") {
            let bytes = try folder.read(name)
            try replace(name, Array(bytes.dropLast(100)))
        }
    }

    private func replace(_ name: String, _ bytes: [UInt8]) throws(SampleFolderError) {
        try folder.unlock(name)
        try folder.write(bytes, to: name)
    }

    private static func entries(_ bytes: [UInt8]) -> [[UInt8]] {
        var entries: [[UInt8]] = []
        var start = 0
        while start + 2 <= bytes.count {
            let end = start + 2 + Int(bytes[start]) << 8 + Int(bytes[start + 1])
            guard end <= bytes.count else { break }
            entries.append(Array(bytes[(start + 2)..<end]))
            start = end
        }
        return entries
    }

    private static func framed(_ entry: [UInt8]) -> [UInt8] {
        [UInt8(entry.count >> 8), UInt8(entry.count & 255)] + entry
    }
}
