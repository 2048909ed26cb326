// SPDX-License-Identifier: Apache-2.0

public import Cryptography
public import Diagnostics
public import Disclosure

/// A summary as it is released: figures that reveal nobody, and what they rest on.
public struct SummaryDocument: Sendable {
    /// A table with its figures; those that are masked have no value.
    public struct Table: Sendable {
        /// The table as the menu lays it out.
        public var layout: TableLayout
        /// The values, row by row.
        public var values: [[Int64?]]

        /// Fills a table.
        public init(_ layout: TableLayout, _ figures: [FigureID: Figure]) {
            self.layout = layout
            values = layout.figures.map { row in row.map { figures[$0]?.value ?? nil } }
        }

        /// The number of masked figures.
        public var maskedCount: Int { values.joined().count { $0 == nil } }

        /// A value by the identifiers of its row and column.
        func value(_ row: String, _ column: String) -> Int64? {
            guard let place = layout.rows.firstIndex(where: { $0.id == row }),
                let column = layout.columns.firstIndex(where: { $0.id == column })
            else { return nil }
            return values[place][column]
        }
    }

    /// A parameter of the policy set that the figures follow.
    public struct Parameter: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: Int
        /// Where it comes from.
        public var provenance: String
        /// Why it is so.
        public var basis: String

        /// Names a parameter.
        public init(name: String, value: Int, provenance: String, basis: String) {
            self.name = name
            self.value = value
            self.provenance = provenance
            self.basis = basis
        }
    }

    /// The `id` of the entry that asked for the summary.
    public var request: String
    /// The hash of the release that this one corrects, and the coded reason; nil for none.
    public var correction: (release: String, reason: String)?
    /// The body that asked.
    public var body: String
    /// What the summary covers.
    public var perimeter: Perimeter
    /// The period.
    public var period: ReportingPeriod
    /// The log's name.
    public var origin: String
    /// The number of entries that it was computed on.
    public var treeSize: UInt64
    /// The root hash over these.
    public var rootHash: SHA256Digest
    /// When the last of them was recorded, in milliseconds since 1970.
    public var recordedUntil: Int64 = 0
    /// The policy set's title.
    public var policyTitle = LocalizedText(fr: "", en: "")
    /// The policy set's label and version.
    public var policyVersion = ""
    /// The rules of disclosure.
    public var rules = DisclosureRules()
    /// Their parameters, with provenance.
    public var parameters: [Parameter] = []
    /// The greatest number of licences, where the policies set one.
    public var licenceCap: Int?
    /// What each rule is called.
    public var ruleTitles: [String: LocalizedText] = [:]
    /// The waivers that are open when the period ends, from when until when, in milliseconds since 1970.
    ///
    /// Whom or what they cover is not told.
    public var openWaivers: [(rule: String, start: Int64, end: Int64)] = []
    /// The events that came too late for their period, and count here.
    public var lateCount: Int64 = 0
    /// What noise was added, in thousandths of epsilon; zero for none.
    public var epsilonMilli = 0
    /// The tables.
    public var tables: [Table] = []
    /// The days on which each source told anything, counted from 1970-01-01.
    public var sourceDays: [String: Set<Int32>] = [:]
    /// What happened besides.
    public var chronicle = Chronicle()

    /// Begins a document.
    public init(
        request: String, body: String, perimeter: Perimeter, period: ReportingPeriod,
        head: (origin: String, treeSize: UInt64, rootHash: SHA256Digest)
    ) {
        self.request = request
        self.body = body
        self.perimeter = perimeter
        self.period = period
        origin = head.origin
        treeSize = head.treeSize
        rootHash = head.rootHash
    }

    /// A table by its identifier.
    public func table(_ id: String) -> Table? { tables.first { $0.layout.id == id } }

    /// The number of masked figures.
    public var maskedCount: Int { tables.reduce(0) { $0 + $1.maskedCount } }

    /// All figures, each once, in the order of their names.
    public var figures: [Figure] {
        var found: [FigureID: Figure] = [:]
        for table in tables {
            for (row, ids) in table.layout.figures.enumerated() {
                for (column, id) in ids.enumerated() {
                    found[id] = Figure(id, value: table.values[row][column])
                }
            }
        }
        return found.values.sorted { $0.id.text < $1.id.text }
    }
}
