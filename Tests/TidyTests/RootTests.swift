// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The top folder of the repository: what a newcomer sees first.
@Suite struct RootTests {
    /// What belongs there, and what a build or a run of `make` leaves there for a while.
    static let expected: Set<String> = [
        "Benchmarks", "CONTRIBUTING.md", "Fuzz", "Makefile", "Package.resolved", "Package.swift",
        "README.md", "Sources", "Tests", "audit-samples", "docs", "out", "packaging", "policies",
    ]

    @Test func nothingIsLeftBehindAtTheTop() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path)
        let strays = names.filter { !$0.hasPrefix(".") && !Self.expected.contains($0) }.sorted()
        #expect(
            strays.isEmpty,
            "a program left these behind: run it in a folder of its own, and remove them")
    }
}
