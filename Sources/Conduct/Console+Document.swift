// SPDX-License-Identifier: Apache-2.0

public import Reporting

extension Console {
    /// Writes a document of JSON: the members that every one has, then what the verb says.
    ///
    /// - Parameters:
    ///   - members: What the verb says.
    ///   - status: How it ended.
    ///   - isComplete: Whether all that was asked was done; by default as the status has it.
    /// - Throws: ``BrokenPipe`` if nobody reads it any more, and ``CommandError`` if it cannot be written.
    public func write(
        document members: [(String, JSONNode)], status: ExitStatus = .complete,
        isComplete: Bool? = nil
    ) throws {
        let head: [(String, JSONNode)] = [
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
            ("complete", .boolean(isComplete ?? status.isComplete)),
        ]
        try write(JSONNode.object(head + members).rendered())
    }
}
