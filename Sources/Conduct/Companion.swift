// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Glibc

/// A group of verbs that a program of its own performs: `vigie policy …` is `vigie-policy …`.
///
/// What the main job does not need stays out of `vigie`, so that it builds in little time and an
/// auditor who reads it reads the main job alone.
public protocol Companion: Verb {
    /// What follows the name of the group, untouched.
    var arguments: [String] { get }
    /// The program: `vigie-` and the name of the group, unless it performs several groups.
    static var program: String { get }
    /// The words that stand before the arguments, where it does.
    static var group: [String] { get }
    /// What a user types in place of the program's name; its help says so.
    static var typed: String { get }
}

extension Companion {
    /// A program for this group alone.
    public static var program: String { "vigie-" + (configuration.commandName ?? "") }

    /// Nothing before the arguments.
    public static var group: [String] { [] }

    /// `vigie` and the name of the group, unless that stands before the arguments.
    public static var typed: String {
        group.isEmpty ? "vigie " + (configuration.commandName ?? "") : "vigie"
    }

    /// The options of a group are those of its program.
    public var conduct: ConductOptions { (try? ConductOptions.parse([])) ?? ConductOptions() }

    /// Becomes the program: it returns only where that failed.
    public func perform(on console: Console) throws -> Verdict {
        throw try Neighbour.become(
            Self.program, as: Self.typed, arguments: Self.group + arguments)
    }
}

/// The programs that are installed beside this one.
public enum Neighbour {
    /// The path of a program in the folder of the one that runs.
    ///
    /// - Throws: ``CommandError`` if there is no such program.
    public static func path(of name: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(
            decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.lastIndex(of: "/").map { own[..<$0] } ?? "."
        let path = "\(folder)/\(name)"
        guard unsafe access(path, X_OK) == 0 else {
            throw CommandError(code: .noCompanion, place: .file(path), fact: name)
        }
        return path
    }

    /// Becomes such a program.
    ///
    /// - Parameters:
    ///   - name: The program's name.
    ///   - typed: What the user typed in its place.
    ///   - arguments: What follows it.
    /// - Returns: Only where that failed: the reason.
    /// - Throws: ``CommandError`` if there is no such program.
    public static func become(
        _ name: String, as typed: String, arguments: [String]
    ) throws -> CommandError {
        let path = try path(of: name)
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([typed] + arguments)
            .map { unsafe strdup($0) }
        unsafe words.append(nil)
        _ = unsafe execv(path, words)
        return CommandError(code: .noCompanion, place: .file(path), fact: name)
    }

    /// Runs such a program to its end.
    ///
    /// - Parameters:
    ///   - name: The program's name.
    ///   - arguments: What follows it.
    ///   - output: The descriptor that its data goes to; what it says besides is dropped.
    /// - Returns: Its exit status, 128 + N if signal N ended it.
    /// - Throws: ``CommandError`` if it could not be started.
    public static func run(_ name: String, _ arguments: [String], output: Int32) throws -> Int32 {
        let path = try path(of: name)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([name] + arguments)
            .map { unsafe strdup($0) }
        defer { unsafe words.forEach { unsafe free($0) } }
        unsafe words.append(nil)
        var child: pid_t = 0
        guard unsafe posix_spawn(&child, path, &actions, nil, words, environ) == 0 else {
            throw CommandError(code: .noCompanion, place: .file(path), fact: name)
        }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
