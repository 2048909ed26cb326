// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Who stands behind which pseudonym, as the vault's keeper hands it out for one import.
///
///     jeanne.exemple@pro.example<tabulator>A0123456789ab
///
/// It is kept in memory for the length of an import, and printed nowhere.
public struct PseudonymTable: Sendable {
    private var pseudonyms: [String: String] = [:]

    /// A table that knows nobody.
    public init() {}

    /// Reads a table, a person a line.
    ///
    /// - Throws: ``ImportMapError/Code/badPseudonym`` with the line.
    public init(parsing bytes: [UInt8], file: String) throws(ImportMapError) {
        var number = 0
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let line = part.last == 0x0D ? part.dropLast() : part
            guard !line.isEmpty else { continue }
            let cells = line.split(separator: 0x09, omittingEmptySubsequences: false)
            guard cells.count == 2, !cells[0].isEmpty, CodeText.isPseudonym(cells[1]),
                let name = String(validating: cells[0], as: UTF8.self),
                pseudonyms.updateValue(
                    String(decoding: cells[1], as: UTF8.self), forKey: name) == nil
            else {
                throw ImportMapError(
                    .badPseudonym, .text(file: file, line: number, column: 1))
            }
        }
    }

    /// The pseudonym of a person; nil if the table does not know them.
    func pseudonym(of name: String) -> String? { pseudonyms[name] }
}

extension PseudonymTable: CustomStringConvertible, CustomReflectable {
    /// How many it knows, and nothing of whom.
    public var description: String { "PseudonymTable(\(pseudonyms.count))" }

    /// Shows nobody to a debugger or `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
