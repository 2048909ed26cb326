// SPDX-License-Identifier: Apache-2.0

import Auditing
import Diagnostics
import Foundation
import Testing

/// The policy set of the pilot, as it stands in the repository.
enum PilotPolicies {
    static func files() throws -> [PolicyArchive.File] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "policies/pilote-linkedin")
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        return try names.filter { $0.contains(".") }.map {
            PolicyArchive.File(
                path: $0, bytes: [UInt8](try Data(contentsOf: root.appending(path: $0))))
        }
    }

    /// The `parameters:` of the pilot's manifest, as they stand there.
    static func parameters() throws -> String {
        let manifest = try #require(try files().first { $0.path == "policy-set.yaml" })
        let text = String(decoding: manifest.bytes, as: UTF8.self)
        let start = try #require(text.range(of: "\nparameters:\n")).lowerBound
        let end = try #require(text.range(of: "\n# The rules over time")).lowerBound
        return String(text[start..<end])
    }

    static func folder(overTime: Bool = false) throws -> PolicySetFolder {
        let files = try files().filter { overTime || !$0.path.hasPrefix("rules/") }
        return try PolicySetFolder(PolicyArchive(files))
    }
}

@Suite struct PolicySetFolderTests {
    @Test func readsThePilot() throws {
        let folder = try PilotPolicies.folder()
        #expect(folder.name == "pilote-linkedin")
        #expect(folder.defaultDenyRule == "R04")
        #expect(folder.parameters["agreement_months"]?.number == 6)
        #expect(folder.parameters["purposes"]?.codes.count == 3)
        for number in 1...23 {
            let id = (number < 10 ? "R0" : "R") + String(number)
            #expect(folder.rules[id] != nil, "\(id)")
        }
    }

    @Test func versionFollowsContentAndNotOrder() throws {
        let files = try PilotPolicies.files()
        let version = PolicyArchive(files).version
        #expect(PolicyArchive(files.reversed()).version == version)
        var changed = files
        changed[0] = PolicyArchive.File(path: files[0].path, bytes: files[0].bytes + [0x0A])
        #expect(PolicyArchive(changed).version != version)
        #expect(
            PolicyArchive(files + [PolicyArchive.File(path: ".git/x", bytes: [])]).version
                == version)
    }

    @Test(arguments: [
        (
            "label: \"1\"", "labell: \"1\"",
            "policy-set.yaml:6:1: error POL104: unknown key `labell`"
        ),
        ("value: 6", "value: six", "POL106"),
        ("provenance: law", "provenance: rumour", "POL106"),
        ("  - journal.cedar\n", "", "journal.cedar: error POL108"),
        ("  - journal.cedar", "  - diary.cedar", "error POL107: the file `diary.cedar` is missing"),
        ("parameters:", "parameters: [", "POL103"),
        (
            "  - schema.cedarschema\n", "",
            "policy-set.yaml:11:3: error POL110: `files` must name one schema, and it names 0"
        ),
        ("default_deny_rule: R04\n", "", "POL105"),
        (
            "  agreement_months:\n", "  agreement_month:\n",
            "policy-set.yaml:23:3: error POL105: the key `parameters.agreement_months` is missing"
        ),
        (
            "  agreement_months:\n", "  agreement_month:\n",
            "policy-set.yaml:36:5: error POL104: unknown key `parameters.agreement_month`"
        ),
        (
            "  appointment_days:\n    value: 7\n", "  appointment_days:\n    value: 367\n",
            "error POL106: wrong value for `parameters.appointment_days`"
        ),
        ("    value: 3\n", "    value: [A]\n", "error POL106: wrong value for `parameters.case"),
    ])
    func saysWhatIsWrong(find: String, replace: String, expected: String) throws {
        let files = try PilotPolicies.files().map { file in
            guard file.path == "policy-set.yaml" else { return file }
            let text = String(decoding: file.bytes, as: UTF8.self)
            let changed = text.replacingOccurrences(of: find, with: replace)
            #expect(changed != text)
            return PolicyArchive.File(path: file.path, bytes: [UInt8](changed.utf8))
        }
        let errors = #expect(throws: PolicySetErrors.self) {
            try PolicySetFolder(PolicyArchive(files))
        }
        let lines = errors?.diagnostics.map { $0.rendered(in: .english) } ?? []
        #expect(lines.contains { $0.contains(expected) }, "\(lines)")
    }

    @Test func cedarErrorsKeepTheirPlace() throws {
        let files = try PilotPolicies.files().map { file in
            file.path == "journal.cedar"
                ? PolicyArchive.File(path: file.path, bytes: [UInt8]("permit (".utf8)) : file
        }
        let errors = #expect(throws: PolicySetErrors.self) {
            try PolicySetFolder(PolicyArchive(files))
        }
        #expect(errors?.diagnostics.first?.code.hasPrefix("CED") == true)
    }
}
