// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What a summary covers: the whole pilot, or one region.
public struct Perimeter: Hashable, Sendable {
    /// The region's code; nil for the whole pilot.
    public let region: String?

    /// Reads `all`, or `region:` and an INSEE code.
    ///
    /// - Throws: ``DisclosureError/Code/unknownPerimeter`` if the text is neither.
    public init(parsing text: String) throws(DisclosureError) {
        if text == "all" { region = nil; return }
        let code = text.utf8.dropFirst(7)
        guard text.hasPrefix("region:"), (2...3).contains(code.count),
            code.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x42).contains($0) })
        else { throw DisclosureError(.unknownPerimeter, text) }
        region = String(text.dropFirst(7))
    }

    /// The text form.
    public var text: String { region.map { "region:" + $0 } ?? "all" }
}

/// A table of the fixed menu, laid out for a perimeter and a period.
public struct TableLayout: Sendable {
    /// A row or a column.
    public struct Heading: Hashable, Sendable {
        /// The identifier.
        public var id: String
        /// What it is called; a code where it has no name of its own.
        public var title: LocalizedText
        /// Whether it sums the others.
        public var isTotal: Bool
    }

    /// The identifier.
    public var id: String
    /// What the table says.
    public var title: LocalizedText
    /// The rows.
    public var rows: [Heading]
    /// The columns.
    public var columns: [Heading]
    /// The figures, row by row.
    public var figures: [[FigureID]]
    /// Whether the columns divide each row into categories, so that a share of 0 % or 100 % speaks.
    public var dividesRows: Bool
}

/// The tables that a summary may hold.
///
/// There are no others: who could ask for any sum could ask for two that differ by one person.
public struct TableMenu: Sendable {
    /// The identifiers of the tables, in the order of a summary.
    public static let tables = [
        "licences", "licences-by-month", "advisers", "uses", "uses-by-month", "map", "acts",
        "promotions", "refusals", "persons", "findings", "findings-by-severity",
        "unexplained-by-month", "reviews", "delays", "profiles-by-month", "occupations",
        "employers-by-month",
    ]

    /// Those of them that show states, which no late event adds to.
    public static let states: Set<String> = [
        "licences", "licences-by-month", "advisers", "employers-by-month",
    ]

    /// The tables that a perimeter has by default.
    ///
    /// The reviews of findings do not say where these were made: they are known for the whole alone.
    /// The delays of one region are those of a handful, masked there, and would then bind the whole.
    /// Employers are counted by month, and not by week.
    public static func tables(of perimeter: Perimeter, in period: ReportingPeriod) -> [String] {
        let left = perimeter.region == nil ? [] : ["reviews", "delays"]
        let unknown = period.months.isEmpty ? ["employers-by-month"] : []
        return tables.filter { !(left + unknown).contains($0) }
    }

    let perimeter: Perimeter
    let period: ReportingPeriod
    private let vintage: Int
    let places: [TableLayout.Heading]
    private let months: [TableLayout.Heading]

    /// Lays the menu out.
    ///
    /// - Parameters:
    ///   - perimeter: The whole pilot, by region; or a region, by establishment.
    ///   - period: The period.
    ///   - places: The places of the pilot.
    ///   - vintage: How many corrections were released before.
    public init(
        _ perimeter: Perimeter, _ period: ReportingPeriod, places: [Place], vintage: Int = 0
    ) {
        self.vintage = vintage
        self.perimeter = perimeter
        self.period = period
        let total = LocalizedText(fr: "Ensemble", en: "Total")
        let all = TableLayout.Heading(id: perimeter.text, title: total, isTotal: true)
        let parts: Set<String> =
            perimeter.region.map { region in
                Set(places.filter { $0.region == region }.map { "site:" + $0.establishment })
            } ?? Set(places.map { "region:" + $0.region })
        self.places =
            parts.sorted().map {
                let name = String($0.drop { $0 != ":" }.dropFirst())
                let title =
                    name == "?"
                    ? LocalizedText(fr: "Hors du pilote", en: "Outside the pilot")
                    : LocalizedText(fr: name, en: name)
                return TableLayout.Heading(id: $0, title: title, isTotal: false)
            } + [all]
        let pieces = period.months
        self.months =
            (pieces.count > 1
                ? pieces.map {
                    TableLayout.Heading(
                        id: $0.text, title: LocalizedText(fr: $0.text, en: $0.text), isTotal: false)
                } : [])
            + [TableLayout.Heading(id: period.text, title: total, isTotal: true)]
    }

    /// A table of the menu.
    ///
    /// - Throws: ``DisclosureError/Code/unknownTable`` if the menu has none of that name.
    public func table(_ id: String) throws(DisclosureError) -> TableLayout {
        var layout = try layout(id)
        for row in layout.figures.indices {
            for column in layout.figures[row].indices
            where !layout.figures[row][column].measure.isState {
                layout.figures[row][column].vintage = vintage
            }
        }
        return layout
    }

    private func layout(_ id: String) throws(DisclosureError) -> TableLayout {
        switch id {
        case "licences":
            byPlace(id, .licences, LocalizedText(fr: "Licences actives", en: "Active licences"), [])
        case "licences-by-month":
            byMonth(
                id, .licences,
                LocalizedText(
                    fr: "Licences actives en fin de mois", en: "Active licences at month’s end"),
                [])
        case "advisers":
            byPlace(
                id, .advisers,
                LocalizedText(fr: "Conseillers volontaires", en: "Volunteer advisers"),
                topics(.advisers))
        case "uses":
            byPlace(
                id, .accesses, LocalizedText(fr: "Accès par finalité", en: "Accesses by purpose"),
                purposes)
        case "uses-by-month":
            byMonth(
                id, .accesses,
                LocalizedText(
                    fr: "Accès par mois et finalité", en: "Accesses by month and purpose"),
                purposes)
        case "map": map(id)
        case "acts":
            byCategory(
                id, .accesses, LocalizedText(fr: "Accès par nature", en: "Accesses by kind"),
                topics(.accesses))
        case "promotions":
            byPlace(
                id, .accesses, LocalizedText(fr: "Promotions de profils", en: "Profile promotions"),
                topics(.accesses).filter { ["p3-agreed", "p3-bare"].contains($0.id) }, total: false)
        case "refusals":
            byPlace(
                id, .refusals, LocalizedText(fr: "Accès refusés", en: "Refused accesses"),
                topics(.refusals))
        case "persons":
            byMonth(
                id, .persons,
                // The acts of persons are of several sorts, which do not add up to anything.
                LocalizedText(fr: "Accords et droits des personnes", en: "Agreements and rights"),
                topics(.persons), total: false)
        default: try findings(id)
        }
    }

    /// The tables about what an audit found, and what came of it.
    private func findings(_ id: String) throws(DisclosureError) -> TableLayout {
        switch id {
        case "findings":
            byCategory(
                id, .findings,
                LocalizedText(fr: "Écarts constatés, par famille", en: "Findings by family"),
                headings(Topic.families))
        case "findings-by-severity":
            byCategory(
                id, .findings,
                LocalizedText(fr: "Écarts constatés, par gravité", en: "Findings by severity"),
                headings(Topic.severities))
        case "unexplained-by-month":
            byMonth(
                id, .findings,
                LocalizedText(
                    fr: "Accès hors portefeuille non expliqués",
                    en: "Unexplained accesses outside the portfolio"),
                headings([Topic.unexplained]), total: false)
        case "delays": delays(id)
        case "reviews":
            byCategory(
                id, .reviews,
                LocalizedText(fr: "Suites données aux écarts", en: "Findings reviewed"),
                topics(.reviews), total: false)
        default: try practice(id)
        }
    }

    private var purposes: [TableLayout.Heading] {
        [
            ("P1", "P1 Prospection", "P1 Prospecting"), ("P2", "P2 Offres", "P2 Offers"),
            ("P3", "P3 Promotion", "P3 Promotion"),
        ].map {
            TableLayout.Heading(
                id: $0.0, title: LocalizedText(fr: $0.1, en: $0.2), isTotal: false)
        }
    }

    func topics(_ measure: Measure) -> [TableLayout.Heading] {
        (Topic.all[measure] ?? []).map {
            TableLayout.Heading(id: $0.name, title: $0.title, isTotal: false)
        }
    }

    func headings(_ categories: [Topic.Category]) -> [TableLayout.Heading] {
        categories.map { TableLayout.Heading(id: $0.name, title: $0.title, isTotal: false) }
    }

    /// The column of the whole period, in tables that have no other.
    var number: TableLayout.Heading {
        TableLayout.Heading(
            id: period.text, title: LocalizedText(fr: "Nombre", en: "Number"), isTotal: true)
    }

    private var everything: TableLayout.Heading {
        TableLayout.Heading(
            id: "all", title: LocalizedText(fr: "Total", en: "All"), isTotal: true)
    }

    private func byPlace(
        _ id: String, _ measure: Measure, _ title: LocalizedText,
        _ columns: [TableLayout.Heading], total: Bool = true
    ) -> TableLayout {
        let columns = columns + (total ? [everything] : [])
        return TableLayout(
            id: id, title: title, rows: places, columns: columns,
            figures: places.map { row in
                columns.map {
                    FigureID(measure, place: row.id, period: period, category: $0.id)
                }
            }, dividesRows: columns.count > 1)
    }

    func byMonth(
        _ id: String, _ measure: Measure, _ title: LocalizedText,
        _ topics: [TableLayout.Heading], total: Bool = true
    ) -> TableLayout {
        let columns = total ? topics + [everything] : topics
        // Acts of several sorts are no parts of one thing.
        let dividesRows = columns.count > 1 && measure != .persons && id != "profiles-by-month"
        // States of several months do not add up.
        let rows = measure.isState && months.count > 1 ? months.dropLast() : months
        return TableLayout(
            id: id, title: title, rows: rows, columns: columns,
            figures: rows.map { row in
                columns.map {
                    FigureID(
                        measure, place: perimeter.text, period: month(row.id), category: $0.id)
                }
            }, dividesRows: dividesRows)
    }

    private func byCategory(
        _ id: String, _ measure: Measure, _ title: LocalizedText, _ topics: [TableLayout.Heading],
        total: Bool = true
    ) -> TableLayout {
        // The reviews of one finding follow one another, and do not add up.
        let rows = topics + (total ? [everything] : [])
        // The whole period alone: month by month most of these are too few to be shown.
        return TableLayout(
            id: id, title: title, rows: rows, columns: [number],
            figures: rows.map {
                [FigureID(measure, place: perimeter.text, period: period, category: $0.id)]
            }, dividesRows: false)
    }

    /// The classes of each delay, and their sum.
    private func delays(_ id: String) -> TableLayout {
        let kinds = DelayKind.all.filter { perimeter.region == nil || $0.name != "close" }
        let rows = kinds.flatMap { kind in
            zip(kind.categories, kind.classes).map { category, name in
                TableLayout.Heading(
                    id: category,
                    title: LocalizedText(
                        fr: "\(kind.title.french)\u{202F}: \(name.french)",
                        en: "\(kind.title.english): \(name.english)"), isTotal: false)
            } + [TableLayout.Heading(id: kind.name, title: kind.title, isTotal: true)]
        }
        return TableLayout(
            id: id, title: LocalizedText(fr: "Délais", en: "Delays"), rows: rows,
            columns: [number],
            figures: rows.map {
                [FigureID(.delays, place: perimeter.text, period: period, category: $0.id)]
            }, dividesRows: false)
    }

    private func map(_ id: String) -> TableLayout {
        TableLayout(
            id: id,
            title: LocalizedText(fr: "Accès par lieu et mois", en: "Accesses by place, month"),
            rows: places, columns: months,
            figures: places.map { row in
                months.map {
                    FigureID(.accesses, place: row.id, period: month($0.id), category: "all")
                }
            }, dividesRows: false)
    }

    private func month(_ text: String) -> ReportingPeriod {
        period.months.first { $0.text == text } ?? period
    }
}
