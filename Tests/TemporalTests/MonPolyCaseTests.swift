// SPDX-License-Identifier: Apache-2.0

import Foundation
import MFOTLCases
import Testing

/// The sample of MonPoly's own tests, beside the repository.
let monPolySample: URL = {
    let folder =
        ProcessInfo.processInfo.environment["VIGIE_VECTORS"]
        ?? "\(FileManager.default.currentDirectoryPath)/../shared/vectors"
    return URL(fileURLWithPath: folder).appendingPathComponent("mfotl/monpoly-sample.jsonl")
}()

let hasMonPolySample = FileManager.default.fileExists(atPath: monPolySample.path)

@Suite(.enabled(if: hasMonPolySample, "the vectors are not beside the repository"))
struct MonPolyCaseTests {
    static let cases: [MonPolyCase] =
        hasMonPolySample
        ? (try? MonPolyCase.cases(in: Data(contentsOf: monPolySample))) ?? [] : []

    @Test func sampleIsWhole() {
        let skipped = Self.cases.filter { $0.notApplicableReason != nil }
        print("MonPoly cases: \(Self.cases.count), not applicable: \(skipped.map(\.id))")
        #expect(Self.cases.count == 191)
        #expect(skipped.map(\.id) == ["test39#11"])
    }

    @Test(arguments: cases.filter { $0.notApplicableReason == nil }.map(\.id))
    func outputIsMonPolys(_ id: String) throws {
        let item = try #require(Self.cases.first { $0.id == id })
        #expect(item.isSame, "got:\n\(item.actual)\nexpected:\n\(item.expected)")
    }
}
