// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import Glibc
import LogStorage

/// The lines of a file or of standard input, read piece by piece.
///
/// A plain file may be read twice. What comes through a pipe cannot, so it is kept if it will be
/// asked for again, up to a limit.
struct LineReader: ~Copyable {
    /// A line that is not empty, without its end.
    struct Line {
        /// Its number, from 1.
        var number: Int
        /// Its bytes; of a line longer than any event, the first ones.
        var bytes: [UInt8]
    }

    /// The number of bytes that one reading of a line keeps: more is no event.
    private static let lineByteCountMax = Submission.byteCountMax + 1
    private static let keptByteCountMax = 1 << 28
    private static let pieceByteCount = 1 << 20

    private let path: String
    private let descriptor: Int32
    private let isPlainFile: Bool
    private let keepsBytes: Bool
    private var kept: [UInt8] = []
    /// Where the next piece is, in a plain file or in what was kept.
    private var offset = 0
    private var isRereading = false
    private var number = 0
    /// The start of a line whose end was not read yet.
    private var rest: [UInt8] = []

    /// Opens a file, or standard input if there is no path.
    ///
    /// - Throws: ``CommandError`` if the file cannot be read.
    init(_ file: String?, readsTwice: Bool) throws {
        path = file ?? "stdin"
        descriptor =
            try file.map { file in
                let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else { throw SystemFailure.reading(file, errno) }
                return descriptor
            } ?? 0
        var status = stat()
        isPlainFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        offset = isPlainFile ? max(0, Int(lseek(descriptor, 0, SEEK_CUR))) : 0
        start = offset
        keepsBytes = readsTwice && !isPlainFile
    }

    /// Where the first reading began, in a plain file.
    private let start: Int

    deinit { if descriptor > 0 { close(descriptor) } }

    /// Starts again from the first line.
    mutating func rewind() {
        precondition(isPlainFile || keepsBytes, "what is to be read twice is kept")
        (offset, number, rest, isRereading) = (start, 0, [], true)
    }

    /// The next lines; none at the end.
    ///
    /// - Throws: ``CommandError`` if reading fails, or if there is more than can be kept.
    mutating func next() throws -> [Line] {
        var lines: [Line] = []
        while lines.isEmpty {
            let piece = try nextPiece()
            guard !piece.isEmpty else {
                finishLine(&lines)
                return lines
            }
            var place = piece.startIndex
            while let end = piece[place...].firstIndex(of: 0x0A) {
                extendLine(piece[place..<end])
                finishLine(&lines)
                number += 1
                place = end + 1
            }
            extendLine(piece[place...])
        }
        return lines
    }

    private mutating func extendLine(_ bytes: ArraySlice<UInt8>) {
        rest += bytes.prefix(Self.lineByteCountMax - rest.count)
    }

    private mutating func finishLine(_ lines: inout [Line]) {
        guard !rest.isEmpty else { return }
        lines.append(Line(number: number + 1, bytes: rest))
        rest = []
    }

    /// The next bytes; none at the end.
    private mutating func nextPiece() throws -> ArraySlice<UInt8> {
        if isRereading, !isPlainFile {
            let piece = kept[min(offset, kept.count)...].prefix(Self.pieceByteCount)
            offset += piece.count
            return piece
        }
        var failure: Int32 = 0
        let (from, descriptor, isPlainFile) = (off_t(offset), descriptor, isPlainFile)
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceByteCount) {
            space, count in
            var result: Int
            repeat {
                result =
                    unsafe isPlainFile
                    ? pread(descriptor, space.baseAddress, space.count, from)
                    : read(descriptor, space.baseAddress, space.count)
            } while result < 0 && errno == EINTR
            if result < 0 { failure = errno }
            count = max(0, result)
        }
        guard failure == 0 else { throw SystemFailure.reading(path, failure) }
        offset += piece.count
        if keepsBytes {
            guard kept.count + piece.count <= Self.keptByteCountMax else {
                throw CommandError(code: .tooLongToKeep, place: .file(path))
            }
            kept += piece
        }
        return piece[...]
    }
}
