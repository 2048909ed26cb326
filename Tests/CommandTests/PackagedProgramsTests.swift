// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The package holds all programs in one file: which one runs is told by the file that is executed, and
/// not by the name that it is called by, which is what the user typed.
@Suite struct PackagedProgramsTests {
    private static let mains = """
        int vigie_main(int count, char **words) { return 11; }
        int vigie_log_main(int count, char **words) { return 12; }
        int vigie_policy_main(int count, char **words) { return 13; }
        """

    private static func run(_ path: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        return process.terminationStatus
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/cc"), "needs cc"))
    func theExecutedFileSaysWhichProgramRuns() throws {
        let folder = try TemporaryFolder()
        let mains = folder.url.appending(path: "mains.c").path
        try Data(Self.mains.utf8).write(to: URL(filePath: mains))
        let source = Tool.root.appending(path: "packaging/programs.c").path
        let program = folder.url.appending(path: "vigie").path
        let names = "-DPROGRAMS(P)=P(vigie) P(vigie_log) P(vigie_policy)"
        #expect(
            try Self.run("/usr/bin/cc", ["-Wall", "-Werror", names, "-o", program, source, mains])
                == 0)
        for name in ["vigie-log", "vigie-policy", "other"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.url.appending(path: name).path, withDestinationPath: "vigie")
        }
        // The file, the name that it is called by, and which program that is.
        let cases: [(String, String, Int32)] = [
            ("vigie", "vigie", 11), ("vigie-log", "vigie-log", 12), ("vigie-log", "vigie log", 12),
            ("vigie-log", "vigie", 12), ("vigie-policy", "vigie policy", 13),
            ("vigie", "vigie-log", 11), ("other", "vigie-log", 12), ("other", "another", 11),
            ("vigie-log", "", 12),
        ]
        for (file, called, status) in cases {
            let path = folder.url.appending(path: file).path
            let found = try Self.run("/bin/bash", ["-c", "exec -a '\(called)' '\(path)'"])
            #expect(found == status, "\(file) called `\(called)`")
        }
    }
}
