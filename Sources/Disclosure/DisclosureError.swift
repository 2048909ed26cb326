// SPDX-License-Identifier: Apache-2.0

/// A reason that figures could not be protected, and so are not shown.
public struct DisclosureError: Error, Hashable, Sendable {
    /// The kinds of failure, with raw values that never change.
    public enum Code: String, CaseIterable, Sendable {
        /// There are more cells or relations than are taken on.
        case tableTooLarge = "DIS101"
        /// A count is negative, or larger than any count can be.
        case valueOutOfRange = "DIS102"
        /// A relation does not hold between the true values.
        case relationBroken = "DIS103"
        /// Numbers grew beyond what is exact, so that nothing is proved.
        case numbersTooLarge = "DIS104"
        /// No pattern of masked cells protects what must be protected.
        case cannotProtect = "DIS105"
        /// The period is not one of the menu.
        case unknownPeriod = "DIS106"
        /// The perimeter is not one of the menu.
        case unknownPerimeter = "DIS107"
        /// The table is not one of the menu.
        case unknownTable = "DIS108"
        /// The period is not over, or what it recorded may still come in.
        case openPeriod = "DIS109"
        /// With the releases before it, the release would reveal a protected figure.
        case wouldReveal = "DIS110"
        /// What was released before cannot be read as it was released.
        case brokenLedger = "DIS111"
        /// The year's budget for noisy figures is spent.
        case budgetSpent = "DIS112"
        /// No policy permits the request under the mandates of the log.
        case notMandated = "DIS113"
        /// Neither consultation nor notice is in the log, so that no rows may leave it.
        case rowsLocked = "DIS114"
        /// Entries of the period were purged, so that no figure of it is right.
        case purgedPeriod = "DIS115"
    }

    /// The kind of failure.
    public var code: Code
    /// What the user named, or the releases that combine.
    public var fact: String

    /// Makes an error.
    public init(_ code: Code, _ fact: String = "") {
        self.code = code
        self.fact = fact
    }
}
