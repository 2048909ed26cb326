// SPDX-License-Identifier: Apache-2.0

/// A summary that was released, as far as it binds those that follow.
public struct Release: Hashable, Sendable {
    /// Its name, by which a refusal names it.
    public var name: String
    /// Who asked for it; what one body holds the others may hold too.
    public var body: String
    /// What it covers.
    public var perimeter: Perimeter
    /// The period.
    public var period: ReportingPeriod
    /// The tables.
    public var tables: [String]
    /// The rules that it followed.
    public var rules = DisclosureRules()
    /// The size of the log that it was computed on.
    public var treeSize: UInt64 = 0
    /// The figures, shown or masked.
    public var figures: [Figure] = []
    /// The name of the release that it corrects; nil if it corrects none.
    public var corrects: String?
    /// The request that it answers.
    public var request = ""
    /// What of a year's budget its noise has spent, in thousandths; zero without noise.
    public var epsilonMilli = 0

    /// Makes a release without figures.
    public init(
        name: String, body: String, perimeter: Perimeter, period: ReportingPeriod,
        tables: [String]
    ) {
        self.name = name
        self.body = body
        self.perimeter = perimeter
        self.period = period
        self.tables = tables
    }
}

extension Release {
    /// How many corrections, itself included, were known to it.
    public var vintage: Int { figures.map(\.id.vintage).max() ?? 0 }
}

/// All that was released so far.
///
/// Each shown figure is an equation over base figures, which whoever holds the summaries may combine
/// with all others. A period is frozen by the first release about it: what comes later counts in a
/// later period, so that two versions of one figure never differ by a late event.
public struct ReleaseLedger: Hashable, Sendable {
    /// The releases, oldest first.
    public private(set) var releases: [Release]

    /// More releases than that are not worked on.
    public static let releaseCountMax = 2_000

    /// Makes a ledger.
    public init(_ releases: [Release] = []) {
        self.releases = releases
    }

    /// Adds a release.
    public mutating func add(_ release: Release) { releases.append(release) }

    /// The pieces that are frozen, with the size of the log when they first were.
    public var frozenPieces: [Int32: UInt64] {
        var frozen: [Int32: UInt64] = [:]
        for release in releases {
            for period in Set(release.figures.map(\.id.period)) {
                for piece in period.pieces {
                    frozen[piece] = min(frozen[piece] ?? .max, release.treeSize)
                }
            }
        }
        return frozen
    }

    /// A correction: the pieces into which it brought late events, and how much of the log it knew.
    public struct Correction: Hashable, Sendable {
        /// Its number among the corrections, from 1.
        public var vintage: Int
        /// The pieces.
        public var pieces: Set<Int32>
        /// The size of the log.
        public var treeSize: UInt64

        /// Makes a correction of a period.
        public init(_ period: ReportingPeriod, number: Int, treeSize: UInt64) {
            vintage = number
            pieces = Set(period.pieces)
            self.treeSize = treeSize
        }
    }

    /// The corrections, oldest first.
    public var corrections: [Correction] {
        releases.filter { $0.corrects != nil }.enumerated().map { place, release in
            Correction(release.period, number: place + 1, treeSize: release.treeSize)
        }
    }
}
