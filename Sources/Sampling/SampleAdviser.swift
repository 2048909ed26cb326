// SPDX-License-Identifier: Apache-2.0

/// A region of the pilot and the occupations its offers ask for.
enum SampleRegions {
    /// INSEE codes of the five regions of the pilot.
    static let codes = ["28", "32", "52", "75", "84"]

    /// Occupation codes in the form of ROME 4.0.
    static let occupations = [
        "A1203", "A1414", "C1102", "D1106", "D1212", "D1402", "D1507", "E1103", "F1106", "F1602",
        "F1603", "F1703", "G1602", "G1603", "G1703", "G1803", "H1203", "H2502", "H2913", "I1304",
        "I1604", "J1501", "J1506", "K1304", "K1801", "K2204", "M1203", "M1403", "M1502", "M1602",
        "M1607", "M1705", "M1801", "M1805", "N1101", "N1103", "N4101", "N4105",
    ]
}

/// An employee as the entries show one.
struct SampleAdviser: Sendable {
    var pid: String
    var role: String
    var region: String
    var establishment: String
    var unit: String
    var accountKind = "pro"
    var licence: String

    /// The canonical `actor` object.
    var object: [UInt8] {
        Self.object([
            ("account_kind", accountKind), ("auth", "mfa"), ("establishment", establishment),
            ("pid", pid), ("region", region), ("role", role), ("unit", unit),
        ])
    }

    /// The canonical `actor` object of a pseudonym and a role.
    static func object(pid: String, role: String) -> [UInt8] {
        object([("pid", pid), ("role", role)])
    }

    /// The canonical `actor` object of a pseudonym alone.
    static func object(pid: String) -> [UInt8] {
        object([("pid", pid)])
    }

    private static func object(_ members: [(String, String)]) -> [UInt8] {
        let body = members.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
        return Array("{\(body)}".utf8)
    }

    /// Whether the role works with a licence.
    var needsLicence: Bool {
        role == "CONS_PRO" || role == "RESP" || role == "REF_PILOTE"
    }
}

/// The persons who govern the pilot: never advisers, never in two roles of one act.
struct SampleOfficers: Sendable {
    var director: String
    var administrator: String
    var referent: String
    var dpo: String
    var deputy: String
    var auditor: String
    var lawyer: String

    init(_ random: inout SampleRandom) {
        func draw() -> String { "A" + random.hexadecimal(12) }
        director = draw()
        administrator = draw()
        referent = draw()
        dpo = draw()
        deputy = draw()
        auditor = draw()
        lawyer = draw()
    }
}
