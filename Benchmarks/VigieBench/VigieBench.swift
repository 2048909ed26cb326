// SPDX-License-Identifier: Apache-2.0

/// Measures the hot paths; `make bench` runs it.
@main
struct VigieBench {
    static func main() throws {
        try VerifyBenchmark(bundleCount: 400).run()
    }
}
