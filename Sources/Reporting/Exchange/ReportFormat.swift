// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A form in which other programs take a report.
///
/// Each is written from the same ``Report``, so that one run gives all of them and they cannot
/// disagree.
public enum ExchangeFormat: String, CaseIterable, Sendable {
    /// A table for a spreadsheet.
    case csv
    /// The form of test runners: one test case a finding.
    case junit
    /// Static Analysis Results Interchange Format, version 2.1.0.
    case sarif
    /// Open Cybersecurity Schema Framework: one event a line.
    case ocsf
    /// Prometheus' text file, for the collector of a node exporter.
    case prometheus
}

extension Report {
    /// Writes the report in a form for other programs.
    ///
    /// - Parameters:
    ///   - format: The form.
    ///   - language: The language of the texts, where the form has room for one only.
    ///   - sink: Takes the text, piece after piece.
    /// - Throws: What `sink` throws, and ``TransparencyLog/ReplayError`` if the log changed.
    public func write(
        _ format: ExchangeFormat, in language: Language, to sink: (String) throws -> Void
    ) throws {
        switch format {
        case .csv: try sink(CSVDocument(report: self, language: language).text)
        case .junit: try sink(JUnitDocument(report: self, language: language).text)
        case .sarif: try sink(SARIFDocument(report: self, language: language).text)
        case .ocsf:
            var document = OCSFDocument(report: self, language: language)
            try document.write(to: sink)
        case .prometheus: try sink(PrometheusDocument(report: self).text)
        }
    }
}
