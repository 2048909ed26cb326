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

extension MonPolyCase: CustomTestStringConvertible {
    /// The name of the case.
    public var testDescription: String { id }
}

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

    @Test(arguments: Self.cases.filter { $0.notApplicableReason == nil })
    func outputIsMonPolys(_ item: MonPolyCase) {
        #expect(item.isSame, "got:\n\(item.actual)\nexpected:\n\(item.expected)")
    }
}
