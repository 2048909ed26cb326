// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Measures the hot paths; `make bench` runs it, and arguments choose parts of it.
///
/// `append` is made of `unsynced`, `durable` and `callers`.
@main
struct VigieBench {
    static func main() async throws {
        let chosen = CommandLine.arguments.dropFirst()
        func isChosen(_ part: String) -> Bool { chosen.isEmpty || chosen.contains(part) }
        if isChosen("verify") { try VerifyBenchmark(bundleCount: 400).run() }
        if isChosen("memory") { try MemoryBenchmark().run() }
        let soak = chosen.first { $0.hasPrefix("soak=") }.flatMap { Int($0.dropFirst(5)) }
        let appending = ["unsynced", "durable", "callers"].filter {
            isChosen("append") || isChosen($0)
        }
        guard isChosen("audit") || !appending.isEmpty || soak != nil else { return }
        var template = Array("out/bench-XXXXXX".utf8CString)
        _ = unsafe mkdir("out", 0o755)
        guard let made = unsafe mkdtemp(&template) else { return }
        let folder = unsafe String(cString: made)
        if isChosen("audit") { try AuditBenchmark(folder: folder).run() }
        let append = AppendBenchmark(folder: folder)
        if appending.contains("unsynced") { try append.runUnsynced() }
        if appending.contains("durable") { try append.runDurable() }
        if appending.contains("callers") { try await CallersBenchmark(folder: folder).run() }
        if let soak { try Soak(folder: folder, entryCount: soak).run() }
        print("the logs are in \(folder); remove it when you like")
    }
}
