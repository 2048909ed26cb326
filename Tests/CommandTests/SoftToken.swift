// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The token that is software.
enum SoftToken {
    static let module = "/usr/lib/softhsm/libsofthsm2.so"
    static let isPossible = [module, "/usr/bin/softhsm2-util"].allSatisfy {
        FileManager.default.fileExists(atPath: $0)
    }

    /// Makes a token in a folder, and beside it what finds it, what finds none, its PIN and a wrong one: `conf`,
    /// `conf-none`, `pin`, `wrong-pin`.
    static func make(_ label: String, in folder: TemporaryFolder) throws {
        func path(_ name: String) -> String { folder.url.appending(path: name).path }
        let files = FileManager.default
        for (name, settings) in [("tokens", "conf"), ("none", "conf-none")] {
            try files.createDirectory(atPath: path(name), withIntermediateDirectories: true)
            try Data("directories.tokendir = \(path(name))\n".utf8)
                .write(to: URL(filePath: path(settings)))
        }
        for (name, pin) in [("pin", "1234\n"), ("wrong-pin", "9999\n")] {
            try Data(pin.utf8).write(to: URL(filePath: path(name)))
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name))
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/softhsm2-util")
        process.arguments = [
            "--init-token", "--free", "--label", label, "--pin", "1234", "--so-pin", "567890",
        ]
        process.environment = ["SOFTHSM2_CONF": path("conf")]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
