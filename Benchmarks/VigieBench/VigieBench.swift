// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Measures the hot paths; `make bench` runs it.
@main
struct VigieBench {
    static func main() throws {
        try VerifyBenchmark(bundleCount: 400).run()
        var template = Array("out/bench-XXXXXX".utf8CString)
        _ = unsafe mkdir("out", 0o755)
        guard let made = unsafe mkdtemp(&template) else { return }
        let folder = unsafe String(cString: made)
        try AppendBenchmark(folder: folder).run()
        print("the logs are in \(folder); remove it when you like")
    }
}
