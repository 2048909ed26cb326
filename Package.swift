// swift-tools-version: 6.3
import PackageDescription

/// The settings of every Swift target: the strictest that compile.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
]

/// The settings of modules that are optimised in debug builds too.
///
/// What tests alter byte by byte, or decide for every small case, is then computed some hundred
/// thousand times at little cost. Preconditions and overflow stay checked. Where this package is a
/// dependency of another, such flags are not allowed, and not needed.
let optimised =
    settings
    + (Context.packageDirectory.contains("/checkouts/")
        ? [] : [.unsafeFlags(["-O"], .when(configuration: .debug))])

/// The settings of what verification and audit spend their time in: optimised even where a release
/// build leaves the rest as it is, as `make quick` does with `-Xswiftc -Onone`, which the driver obeys
/// and this overrides (decision 0043).
let hot =
    optimised
    + (Context.packageDirectory.contains("/checkouts/")
        ? [] : [.unsafeFlags(["-Xfrontend", "-O"], .when(configuration: .release))])

/// The settings of what only puts words together: release builds do not optimise it, which takes a
/// third of the time.
let plain =
    settings
    + (Context.packageDirectory.contains("/checkouts/")
        ? [] : [.unsafeFlags(["-Onone"], .when(configuration: .release))])

func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = settings
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func program(
    _ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = settings
) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let configuration = Target.Dependency.product(
    name: "Configuration", package: "swift-configuration")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// The table of imports in `docs/architecture.md` and the tidy test follow this list.
let package = Package(
    name: "vigie",
    products: [
        .executable(name: "vigie", targets: ["vigie"]),
        .executable(name: "vigie-log", targets: ["vigie-log"]),
        .executable(name: "vigie-identity", targets: ["vigie-identity"]),
        .executable(name: "vigie-policy", targets: ["vigie-policy"]),
        .executable(name: "vigie-sample", targets: ["vigie-sample"]),
        .executable(name: "vigie-witness", targets: ["vigie-witness"]),
        .executable(name: "vigie-monitor", targets: ["vigie-monitor"]),
        .executable(name: "vigie-summary", targets: ["vigie-summary"]),
        .executable(name: "vigie-review", targets: ["vigie-review"]),
        .executable(name: "vigie-nightly", targets: ["vigie-nightly"]),
        .library(name: "Cedar", targets: ["Cedar"]),
        .library(name: "FuzzProperties", targets: ["FuzzProperties"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    ],
    targets: [
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CPKCS11"),
        module("SecurityTokens", ["CPKCS11", "Cryptography"]),
        module("Diagnostics"),
        module("Snapshots", [], hot),
        module("Cryptography", ["COpenSSL"], hot),
        module("Merkle", ["Cryptography"], hot),
        module("TransparencyLog", ["Merkle", "Cryptography", "Snapshots", "Diagnostics"], hot),
        module(
            "LogStorage",
            [
                "CLinux", "SecurityTokens", "TransparencyLog", "Merkle", "Cryptography",
                "Diagnostics",
            ], optimised),
        module("Witnessing", ["TransparencyLog", "Merkle", "Cryptography"]),
        module("Cedar", ["Diagnostics"], optimised),
        module("CedarCorpus", ["Cedar", "Diagnostics"]),
        module("CedarAnalysis", ["Cedar", "Diagnostics"], optimised),
        .executableTarget(
            name: "cedar-corpus", dependencies: ["Cedar", "CedarCorpus"],
            swiftSettings: settings),
        module("Identities", ["Cryptography", "Diagnostics", grdb]),
        module("Temporal", ["Snapshots", "Diagnostics"], optimised),
        module("MFOTLCases", ["Temporal"]),
        .executableTarget(
            name: "mfotl-cases", dependencies: ["MFOTLCases"], swiftSettings: settings),
        module(
            "AuditEvents", ["TransparencyLog", "Cryptography", "Snapshots", "Diagnostics"], hot),
        module(
            "Importing", ["AuditEvents", "TransparencyLog", "Cryptography", "Diagnostics", yams]),
        module("FormulaRules", ["Temporal", "TemporalRules", "Snapshots"]),
        module("TemporalPolicies", ["Cedar", "Diagnostics"]),
        .executableTarget(
            name: "dogwood-cases", dependencies: ["TemporalPolicies", "Diagnostics"],
            swiftSettings: settings),
        module("TemporalRules", ["AuditEvents", "Cryptography", "Diagnostics", yams], hot),
        module(
            "Auditing",
            [
                "Cedar", "AuditEvents", "Temporal", "TemporalRules", "FormulaRules",
                "TemporalPolicies", "TransparencyLog", "Cryptography", "Snapshots", "Diagnostics",
                yams,
            ], hot),
        module(
            "Reporting",
            ["Auditing", "AuditEvents", "TransparencyLog", "Cryptography", "Diagnostics"], plain),
        module(
            "Sampling",
            [
                "LogStorage", "Auditing", "Reviewing", "AuditEvents", "TransparencyLog",
                "Cryptography", "Diagnostics",
            ]),
        module(
            "Conduct",
            [
                "LogStorage", "Auditing", "AuditEvents", "Reporting", "TransparencyLog",
                "Cryptography", "Diagnostics", argumentParser,
            ], plain),
        module(
            "Disclosure",
            ["Auditing", "AuditEvents", "TransparencyLog", "Cryptography", "Diagnostics"]),
        program("disclosure-cases", ["Disclosure"]),
        module(
            "SummaryPages",
            [
                "Disclosure", "Reporting", "Auditing", "AuditEvents", "Cedar", "TransparencyLog",
                "Merkle", "Cryptography", "Diagnostics",
            ]),
        program(
            "vigie",
            [
                "Diagnostics", "Cryptography", "Merkle", "TransparencyLog", "LogStorage",
                "AuditEvents", "Auditing", "Reporting", "Reviewing", "Conduct", argumentParser,
            ], plain),
        program(
            "vigie-log",
            [
                "Diagnostics", "Cryptography", "Merkle", "TransparencyLog", "LogStorage",
                "AuditEvents", "Importing", "Auditing", "Reporting", "Conduct", argumentParser,
            ]),
        program(
            "vigie-identity",
            [
                "Diagnostics", "Cryptography", "TransparencyLog", "LogStorage", "AuditEvents",
                "Identities", "SecurityTokens", "Reporting", "Conduct", argumentParser,
            ]),
        program(
            "vigie-summary",
            [
                "Diagnostics", "Cryptography", "Merkle", "TransparencyLog", "LogStorage", "Cedar",
                "AuditEvents", "Auditing", "Disclosure", "SummaryPages", "Conduct", argumentParser,
            ]),
        program(
            "vigie-policy",
            [
                "Diagnostics", "Cryptography", "Cedar", "CedarAnalysis", "TransparencyLog",
                "AuditEvents", "TemporalRules", "Auditing", "Reporting", "Conduct", argumentParser,
            ]),
        program(
            "vigie-sample",
            [
                "Diagnostics", "Cryptography", "Auditing", "Sampling", "Conduct", argumentParser,
            ]),
        program(
            "interop-logs",
            ["Cryptography", "Merkle", "TransparencyLog", "LogStorage", "Witnessing"]),
        program(
            "vigie-witness",
            [
                "CCurl", "Diagnostics", "Cryptography", "Merkle", "TransparencyLog", "LogStorage",
                "Witnessing", "Reporting", "Conduct", argumentParser,
            ]),
        module(
            "Reviewing",
            [
                "Reporting", "Auditing", "AuditEvents", "Cedar", "TransparencyLog", "Cryptography",
                "Diagnostics",
            ]),
        program(
            "vigie-review",
            [
                "Reviewing", "Reporting", "Auditing", "LogStorage", "TransparencyLog",
                "Cryptography", "Diagnostics", "Conduct", argumentParser,
            ]),
        program(
            "vigie-nightly",
            [
                "Auditing", "LogStorage", "TransparencyLog", "Cryptography", "Reporting",
                "Diagnostics", "Conduct", argumentParser, yams, configuration,
            ]),
        program("vigie-monitor", ["Temporal", "Conduct", "Diagnostics", argumentParser]),
        tests("TemporalTests", ["Temporal", "MFOTLCases", "Snapshots", "Diagnostics"]),
        tests("TemporalPoliciesTests", ["TemporalPolicies", "Cedar", "Diagnostics"]),
        tests(
            "TemporalRulesTests",
            ["TemporalRules", "FormulaRules", "AuditEvents", "Cryptography", "Diagnostics"]),
        .executableTarget(
            name: "rules-bench", dependencies: ["TemporalRules", "Cryptography", "Diagnostics"],
            path: "Benchmarks/RulesBench", swiftSettings: settings),
        module("FuzzProperties", ["Cedar", "TemporalPolicies", "Diagnostics"]),
        tests("FuzzTests", ["FuzzProperties"]),
        .executableTarget(
            name: "cedar-bench", dependencies: ["Cedar"], path: "Benchmarks/CedarBench",
            swiftSettings: settings),
        .executableTarget(
            name: "vigie-bench",
            dependencies: [
                "TransparencyLog", "LogStorage", "Merkle", "Cryptography", "Auditing", "Sampling",
                "Conduct",
            ],
            path: "Benchmarks/VigieBench", swiftSettings: settings),
        tests("DiagnosticsTests", ["Diagnostics"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("MerkleTests", ["Merkle", "Cryptography"]),
        tests(
            "TransparencyLogTests", ["TransparencyLog", "Merkle", "Cryptography", "Diagnostics"]),
        tests(
            "SamplingTests",
            ["Sampling", "AuditEvents", "TransparencyLog", "Cryptography", "vigie", "vigie-sample"]),
        tests(
            "LogStorageTests",
            [
                "LogStorage", "TransparencyLog", "Cryptography", "Diagnostics", "vigie",
                "vigie-log",
            ]),
        tests(
            "WitnessingTests",
            [
                "Witnessing", "LogStorage", "TransparencyLog", "Merkle", "Cryptography", "vigie",
                "vigie-log", "vigie-witness",
            ]),
        tests(
            "ImportingTests",
            [
                "Importing", "AuditEvents", "TransparencyLog", "Cryptography", "Diagnostics",
                "vigie", "vigie-log",
            ]),
        tests("AuditEventsTests", ["AuditEvents", "TransparencyLog", "Cryptography"]),
        tests(
            "ReportingTests",
            ["Reporting", "Auditing", "Cryptography", "TransparencyLog", "Diagnostics"]),
        tests("IdentitiesTests", ["Identities", "Cryptography", grdb]),
        tests(
            "DisclosureTests",
            ["Disclosure", "Auditing", "AuditEvents", "TransparencyLog", "Cryptography"]),
        tests("TidyTests", []),
        tests(
            "CommandTests",
            [
                "vigie", "vigie-log", "vigie-policy", "vigie-identity", "vigie-summary",
                "vigie-review", "vigie-nightly", "vigie-sample", "vigie-witness", "Conduct",
                "Diagnostics", "TransparencyLog", "Cryptography", argumentParser,
            ]),
        tests(
            "AuditingTests",
            [
                "Auditing", "Reviewing", "Reporting", "AuditEvents", "Cedar", "TransparencyLog",
                "Cryptography", "Diagnostics",
            ]),
        tests("CedarTests", ["Cedar", "CedarCorpus", "Diagnostics"]),
        tests("CedarAnalysisTests", ["CedarAnalysis", "Cedar"]),
    ]
)
