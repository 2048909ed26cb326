// SPDX-License-Identifier: Apache-2.0

import Testing

/// The table of imports of `docs/architecture.md`, held against every `import` line.
///
/// The compiler accepts an import of a dependency's dependency, so the table must be a test.
@Suite struct ImportTableTests {
    /// What each module may import, besides the standard library.
    static let allowed: [String: Set<String>] = [
        "COpenSSL": [],
        "CCurl": [],
        "CLinux": [],
        "CPKCS11": [],
        "SecurityTokens": ["CPKCS11", "Cryptography", "Glibc", "Synchronization"],
        "Diagnostics": [],
        "Snapshots": [],
        "Cryptography": ["COpenSSL"],
        "Merkle": ["Cryptography"],
        "TransparencyLog": [
            "Merkle", "Cryptography", "Snapshots", "Diagnostics", "Synchronization", "Dispatch",
        ],
        "LogStorage": [
            "TransparencyLog", "Merkle", "Cryptography", "Diagnostics", "Glibc",
            "Synchronization", "Dispatch", "CLinux", "SecurityTokens",
        ],
        "Witnessing": ["TransparencyLog", "Merkle", "Cryptography"],
        "interop-logs": [
            "Cryptography", "Merkle", "TransparencyLog", "LogStorage", "Witnessing", "Foundation",
        ],
        "vigie-witness": [
            "CCurl", "Diagnostics", "Cryptography", "Merkle", "TransparencyLog",
            "LogStorage", "Witnessing", "Reporting", "Conduct", "ArgumentParser", "Glibc",
            "Dispatch", "Synchronization",
        ],
        "Cedar": ["Diagnostics"],
        "CedarAnalysis": ["Cedar", "Diagnostics"],
        "FuzzProperties": ["Cedar", "TemporalPolicies", "Diagnostics"],
        "CedarCorpus": ["Cedar", "Diagnostics", "Foundation"],
        "cedar-corpus": ["Cedar", "CedarCorpus", "Foundation"],
        "Identities": ["Cryptography", "Diagnostics", "GRDB", "Foundation", "Glibc"],
        "Temporal": ["Snapshots", "Diagnostics"],
        "MFOTLCases": ["Temporal", "Foundation"],
        "mfotl-cases": ["MFOTLCases", "Foundation"],
        "AuditEvents": ["TransparencyLog", "Cryptography", "Snapshots", "Diagnostics"],
        "Importing": ["AuditEvents", "TransparencyLog", "Cryptography", "Diagnostics", "Yams"],
        "FormulaRules": ["Temporal", "TemporalRules", "Snapshots"],
        "TemporalPolicies": ["Cedar", "Diagnostics"],
        "dogwood-cases": ["TemporalPolicies", "Diagnostics", "Foundation"],
        "vigie-monitor": ["Temporal", "Conduct", "Diagnostics", "ArgumentParser"],
        "TemporalRules": ["AuditEvents", "Cryptography", "Diagnostics", "Yams"],
        "Auditing": [
            "Cedar", "AuditEvents", "Temporal", "TemporalRules", "FormulaRules",
            "TemporalPolicies", "TransparencyLog", "Cryptography", "Snapshots", "Diagnostics",
            "Yams",
            "Synchronization", "Dispatch",
        ],
        "Reporting": [
            "Auditing", "AuditEvents", "TransparencyLog", "Cryptography", "Diagnostics",
        ],
        "Disclosure": [
            "Auditing", "AuditEvents", "TransparencyLog", "Cryptography", "Diagnostics",
        ],
        "disclosure-cases": ["Disclosure", "Glibc"],
        "SummaryPages": [
            "Disclosure", "Reporting", "Auditing", "AuditEvents", "Cedar", "TransparencyLog",
            "Merkle", "Cryptography", "Diagnostics",
        ],
        "Reviewing": [
            "Reporting", "Auditing", "AuditEvents", "Cedar", "TransparencyLog",
            "Cryptography", "Diagnostics",
        ],
        "vigie-review": [
            "Reviewing", "Reporting", "Auditing", "LogStorage", "TransparencyLog", "Cryptography",
            "Diagnostics", "Conduct", "ArgumentParser", "Glibc",
        ],
        "vigie-nightly": [
            "Auditing", "LogStorage", "TransparencyLog", "Cryptography", "Reporting",
            "Diagnostics", "Conduct", "ArgumentParser", "Yams", "Configuration", "Glibc",
        ],
        "vigie-summary": [
            "Diagnostics", "Cryptography", "Merkle", "TransparencyLog", "LogStorage", "Cedar",
            "AuditEvents", "Auditing", "Disclosure", "SummaryPages", "Conduct", "ArgumentParser",
            "Glibc", "Synchronization",
        ],
        "Sampling": [
            "LogStorage", "Auditing", "Reviewing", "AuditEvents", "TransparencyLog",
            "Cryptography", "Diagnostics", "Glibc", "Synchronization",
        ],
        "Conduct": [
            "LogStorage", "Auditing", "AuditEvents", "Reporting", "TransparencyLog",
            "Cryptography", "Diagnostics", "ArgumentParser", "Glibc",
        ],
        "vigie": [
            "Diagnostics", "Cryptography", "Merkle", "TransparencyLog", "LogStorage",
            "AuditEvents", "Auditing", "Reporting", "Reviewing", "Conduct", "ArgumentParser",
            "Glibc", "Synchronization", "Dispatch",
        ],
        "vigie-log": [
            "Diagnostics", "Cryptography", "Merkle", "TransparencyLog", "LogStorage", "Importing",
            "AuditEvents", "Auditing",
            "Reporting", "Conduct", "ArgumentParser", "Glibc",
        ],
        "vigie-identity": [
            "Diagnostics", "Cryptography", "TransparencyLog", "LogStorage", "AuditEvents",
            "Identities", "SecurityTokens", "Reporting", "Conduct", "ArgumentParser", "Glibc",
        ],
        "vigie-policy": [
            "Diagnostics", "Cryptography", "Cedar", "CedarAnalysis", "TransparencyLog",
            "AuditEvents", "TemporalRules", "Auditing", "Reporting", "Conduct", "ArgumentParser",
            "Glibc",
        ],
        "vigie-sample": [
            "Diagnostics", "Cryptography", "Auditing", "Sampling", "Conduct", "ArgumentParser",
            "Glibc",
        ],
    ]

    /// Modules without files, clock, environment, locale or randomness.
    static let pure: Set<String> = [
        "Diagnostics", "Snapshots", "Merkle", "TransparencyLog", "Cedar", "Temporal", "AuditEvents",
        "TemporalRules", "TemporalPolicies", "FormulaRules", "Auditing", "Reporting",
        "CedarAnalysis", "Disclosure", "Witnessing", "Importing", "Reviewing",
    ]

    @Test(arguments: SourceTree.sources)
    func importsOnlyWhatTheTableAllows(file: SourceTree.File) throws {
        let allowed = try #require(
            Self.allowed[file.module], "\(file.module) is missing from the table")
        for module in imports(of: file) {
            #expect(allowed.contains(module), "\(file.path) imports \(module)")
        }
    }

    @Test func pureModulesImportNoSystemLibrary() {
        let system: Set<String> = ["Foundation", "FoundationEssentials", "Glibc"]
        for (module, allowed) in Self.allowed where Self.pure.contains(module) {
            #expect(allowed.isDisjoint(with: system), "\(module)")
        }
    }

    @Test func theTableIsInTheArchitecturePage() throws {
        let page = try #require(SourceTree.text("docs/architecture.md"))
        for (module, allowed) in Self.allowed {
            let row = page.split(separator: "\n").first { $0.hasPrefix("| `\(module)` |") }
            let cells = try #require(row, "docs/architecture.md has no row for \(module)")
                .split(separator: "|").map { $0.trimmingPrefix(" ") }
            let listed = Set(
                cells[1].split(whereSeparator: { ", `".contains($0) }).map(String.init)
                    .filter { $0 != "–" })
            #expect(listed == allowed, "docs/architecture.md, row \(module)")
        }
    }

    private func imports(of file: SourceTree.File) -> [String] {
        file.lines.compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            while let first = words.first,
                ["public", "package", "internal", "private", "fileprivate"].contains(first)
                    || first.hasPrefix("@")
            {
                words.removeFirst()
            }
            guard words.first == "import", words.count >= 2 else { return nil }
            return words[1].split(separator: ".").first.map(String.init)
        }
    }
}
