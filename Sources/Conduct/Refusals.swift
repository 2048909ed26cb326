// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import Reporting

/// The records of an input that a command refused, while it went on with the others.
///
/// Each is said at once. A document lists the first thousand, so that memory does not grow with the
/// input; the number counts all.
public struct Refusals: Sendable {
    private static let listedCountMax = 1_000

    /// The number of refusals.
    public private(set) var count = 0
    private var listed: [Diagnostic] = []

    /// Makes a list without refusals.
    public init() {}

    /// Says a refusal, and counts it.
    public mutating func add(_ diagnostic: Diagnostic, on console: Console) {
        console.diagnose(diagnostic)
        count += 1
        if console.format == .json, listed.count < Self.listedCountMax {
            listed.append(diagnostic)
        }
    }

    /// The first of them, as the member `errors` of a document.
    public func node(in language: Language) -> JSONNode {
        FailureDocument.errors(listed, in: language)
    }
}
