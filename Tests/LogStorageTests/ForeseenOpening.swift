// SPDX-License-Identifier: Apache-2.0

import Foundation
import LogStorage
import Testing

/// Openings of logs, each held against what was said of it beforehand, without changing anything.
enum ForeseenOpening {
    /// Logs of more bytes are not compared before and after: it would take long.
    private static let byteCountMax = 4 << 20

    /// Opens a log, as `opening` does, and requires that its outlook said so.
    static func open(
        _ path: String, outlook: () throws -> LogOutlook, opening: () throws -> LogAppender,
        sourceLocation: SourceLocation = SourceLocation(
            fileID: #fileID, filePath: #filePath, line: #line, column: #column)
    ) throws -> LogAppender {
        let foreseen = try unchanged(path, outlook, sourceLocation)
        let opened = Result { try opening() }
        switch (foreseen, opened) {
        case (.success(let outlook), .success(let appender)):
            #expect(outlook.openedSize == appender.size, sourceLocation: sourceLocation)
            #expect(outlook.tornTail == appender.tornTail, sourceLocation: sourceLocation)
            #expect(outlook.signedSize <= outlook.size, sourceLocation: sourceLocation)
        case (.failure(let said), .failure(let found)):
            #expect(
                said as? StorageError == found as? StorageError, sourceLocation: sourceLocation)
        case (.failure(let said), .success) where (said as? StorageError)?.code == .locked:
            // Whoever held it has let go of it meanwhile.
            break
        default:
            Issue.record("\(foreseen) and \(opened)", sourceLocation: sourceLocation)
        }
        return try opened.get()
    }

    /// Restores a log, and requires that the plan of it said what is lost.
    static func restore(
        _ path: String, plan: () throws -> Range<UInt64>, restoring: () throws -> Range<UInt64>,
        sourceLocation: SourceLocation = SourceLocation(
            fileID: #fileID, filePath: #filePath, line: #line, column: #column)
    ) throws -> Range<UInt64> {
        let foreseen = try unchanged(path, plan, sourceLocation)
        let restored = Result { try restoring() }
        #expect(
            foreseen.mapError { $0 as? StorageError ?? StorageError(.stopped, path: "\($0)") }
                == restored.mapError {
                    $0 as? StorageError ?? StorageError(.stopped, path: "\($0)")
                },
            sourceLocation: sourceLocation)
        return try restored.get()
    }

    /// Runs what may change nothing in a folder.
    private static func unchanged<Value>(
        _ path: String, _ body: () throws -> Value, _ sourceLocation: SourceLocation
    ) throws -> Result<Value, any Error> {
        let before = image(of: path)
        let result = Result { try body() }
        if let before {
            #expect(before == image(of: path), sourceLocation: sourceLocation)
        }
        return result
    }

    /// The log; nil if there is no such folder, or too much of it.
    private static func image(of path: String) -> FolderImage? {
        let manager = FileManager.default
        guard let files = try? manager.subpathsOfDirectory(atPath: path) else { return nil }
        let sizes = files.map {
            (try? manager.attributesOfItem(atPath: path + "/" + $0)[.size] as? Int) ?? 0
        }
        return sizes.reduce(0, +) < byteCountMax ? try? FolderImage(of: path) : nil
    }
}
