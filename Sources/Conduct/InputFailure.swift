// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Faults whose exit status follows from what was read, and not from their codes alone.
///
/// The same parser reads policies, the data of a question and the values of options.
public struct InputFailure: DiagnosableGroup {
    /// What is wrong.
    public let diagnostics: [Diagnostic]
    /// What the command answers.
    public let status: ExitStatus

    /// Runs `body`, and gives the faults of a reader that status.
    public static func answering<Result>(
        _ status: ExitStatus, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as InputFailure {
            throw error
        } catch let error as any DiagnosableGroup {
            throw InputFailure(diagnostics: error.diagnostics, status: status)
        }
    }
}
