// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Modules are there for the reader; the programs are fast as if they were one.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// A module of ours; `dependencies` is the whole list of what it may import (docs/architecture.md).
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A module that tests run whole suites in.
///
/// Its debug build is optimised, as those tests would take minutes; overflow and other preconditions
/// trap in it all the same.
func busyModule(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    let optimised = SwiftSetting.unsafeFlags(["-O"], .when(configuration: .debug))
    return .target(name: name, dependencies: dependencies, swiftSettings: strict + [optimised])
}

func program(
    _ name: String, _ dependencies: [Target.Dependency], linkedWith flags: [String] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: strict,
        linkerSettings: flags.isEmpty
            ? [] : [.unsafeFlags(flags, .when(configuration: .release))])
}

/// For a program that needs no library when it runs: it starts in half the time, which counts for
/// a server that is started for each scenario (docs/decisions/0028).
let selfContained = [
    "-static-stdlib", "-use-ld=lld", "-Xclang-linker", "-static", "-Xclang-linker",
    "-Wno-unused-command-line-argument",
]

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "chatspec",
    products: [
        .executable(name: "refserver", targets: ["RefServer"]),
        .executable(name: "conformance", targets: ["Conformance"]),
        .executable(name: "splitclient", targets: ["SplitClient"]),
    ],
    targets: [
        .target(name: "CShim"),
        busyModule("Bytes"),
        module("Arguments", ["Bytes"]),
        module("JSONText"),
        module("Posix", ["CShim"]),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        module("Storage", ["CSQLite"]),
        .systemLibrary(
            name: "CSodium",
            pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"])]
        ),
        module("Passwords", ["CSodium"]),
        .systemLibrary(
            name: "CEdit",
            pkgConfig: "libedit",
            providers: [.apt(["libedit-dev"])]
        ),
        module("LineEditing", ["CEdit"]),
        busyModule("ChatProtocols", ["Bytes", "JSONText"]),
        module("Specs", ["Bytes", "JSONText"]),
        busyModule("ConformanceCore", ["Bytes", "JSONText", "Specs"]),
        module("Reports", ["Bytes", "JSONText", "Specs", "ConformanceCore"]),
        program(
            "RefServer",
            ["Arguments", "Bytes", "ChatProtocols", "Passwords", "Posix", "Storage"],
            linkedWith: selfContained
        ),
        program(
            "Conformance",
            ["Arguments", "Bytes", "JSONText", "Posix", "Specs", "ConformanceCore", "Reports"]
        ),
        program(
            "SplitClient",
            ["Arguments", "Bytes", "JSONText", "LineEditing", "Posix", "Specs"]
        ),
        .target(
            name: "TestSupport",
            dependencies: [
                "Bytes", "JSONText", "Posix", "ChatProtocols", "Specs", "ConformanceCore",
            ],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        tests("BytesTests", ["Bytes"]),
        tests("ArgumentsTests", ["Arguments"]),
        tests("JSONTextTests", ["Bytes", "JSONText", "Posix"]),
        tests("PosixTests", ["Posix"]),
        tests("PasswordsTests", ["Passwords"]),
        tests("StorageTests", ["Storage", "Posix", "TestSupport"]),
        tests("ChatProtocolsTests", ["Bytes", "ChatProtocols", "JSONText", "TestSupport"]),
        tests("SpecsTests", ["Bytes", "JSONText", "Specs", "TestSupport"]),
        tests(
            "ConformanceCoreTests",
            ["Bytes", "JSONText", "Specs", "ConformanceCore", "ChatProtocols", "TestSupport"]
        ),
        tests(
            "ReportsTests",
            ["Bytes", "JSONText", "Specs", "ConformanceCore", "Reports", "TestSupport"]
        ),
        tests(
            "RefServerTests",
            ["RefServer", "Arguments", "Posix", "ChatProtocols", "JSONText", "TestSupport"]
        ),
        tests(
            "ConformanceTests",
            [
                "Conformance", "Arguments", "Bytes", "Posix", "Specs", "ConformanceCore",
                "TestSupport",
            ]
        ),
        tests("LineEditingTests", ["LineEditing"]),
        tests(
            "SplitClientTests",
            ["SplitClient", "Arguments", "Bytes", "JSONText", "Posix", "Specs"]
        ),
    ],
    swiftLanguageModes: [.v6]
)
