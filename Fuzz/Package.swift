// swift-tools-version: 6.3
import PackageDescription

// A package of its own: libFuzzer brings the `main` of its program, which is built with
// instrumentation (`make fuzz`).
let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "vigie", path: "..")],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: [.product(name: "FuzzProperties", package: "vigie")],
            swiftSettings: [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
    ]
)
