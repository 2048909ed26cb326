// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Identities
import Testing

@Suite struct IdentityVaultTests {
    @Test("a person has one pseudonym a period, drawn at random")
    func pseudonyms() throws {
        let scene = try VaultScene()
        let first = try scene.enrol()
        #expect(try scene.enrol() == first)
        #expect(first.kind == .jobSeeker)
        let person = try VaultScene.person()
        let later = try scene.vault.pseudonym(of: person, .jobSeeker, period: "2027")
        let adviser = try scene.vault.pseudonym(of: person, .adviser, period: "2026")
        #expect(Set([first, later, adviser]).count == 3)
        #expect(adviser.text.hasPrefix("A"))
        // The same person in another vault: nothing can be computed from the identifier.
        #expect(try VaultScene().enrol() != first)
        #expect(
            try scene.vault.knownPseudonym(
                of: VaultScene.identity.identifier, .jobSeeker, period: "2026") == first)
        #expect(
            try scene.vault.knownPseudonym(of: "nobody", .jobSeeker, period: "2026") == nil)
        #expect(try scene.vault.pseudonyms() == [first, later, adviser])
    }

    @Test("identifiers are told apart by their bytes")
    func canonicalEquivalence() throws {
        let scene = try VaultScene()
        let composed = try VaultScene.person("e\u{301}cole")
        let precomposed = try VaultScene.person("\u{E9}cole")
        #expect(
            try scene.vault.pseudonym(of: composed, .jobSeeker, period: "1")
                != scene.vault.pseudonym(of: precomposed, .jobSeeker, period: "1"))
    }

    @Test(
        "an identity has two parts of 1 to 1,024 bytes",
        arguments: [("", "n"), ("  \n", "n"), ("i", ""), (String(repeating: "é", count: 513), "n")])
    func badIdentity(identifier: String, name: String) {
        #expect(throws: VaultError(.badIdentifier)) {
            try PersonIdentity(identifier: identifier, name: name)
        }
    }

    @Test(
        "a pseudonym is a letter and twelve digits",
        arguments: [
            "", "P", "P00000000000", "P0000000000000", "X000000000000", "P00000000000G",
            "P00000000000F", "p000000000000", "P00000000000\u{660}",
        ])
    func badPseudonym(text: String) { #expect(Pseudonym(text) == nil) }

    @Test("a stolen vault shows nobody")
    func stolen() throws {
        let scene = try VaultScene()
        _ = try scene.enrol()
        for text in [VaultScene.identity.identifier, VaultScene.identity.name, "Lefèvre"] {
            #expect(try !scene.holds(Array(text.utf8)))
        }
        #expect(try !scene.holds(scene.masterSecret.bytes))
        let other = try #require(MasterKey(MasterKey.random()))
        #expect(throws: VaultError(.wrongMasterKey)) {
            try IdentityVault(opening: scene.path, master: other)
        }
    }

    @Test("opened again, a vault is the same")
    func reopened() throws {
        let scene = try VaultScene()
        let pid = try scene.enrol()
        let again = try IdentityVault(opening: scene.path, master: scene.master)
        #expect(again.custodians == scene.vault.custodians)
        #expect(
            try again.knownPseudonym(
                of: VaultScene.identity.identifier, .jobSeeker, period: "2026") == pid)
        #expect(throws: VaultError(.exists, scene.path)) {
            try IdentityVault(
                creating: scene.path, master: scene.master, custodians: again.custodians)
        }
    }

    @Test("what is not a vault is refused")
    func notAVault() throws {
        let scene = try VaultScene()
        let master = try scene.master
        let absent = scene.folder.appending(path: "absent.db").path
        #expect(throws: VaultError(.notFound, absent)) {
            try IdentityVault(opening: absent, master: master)
        }
        #expect(!FileManager.default.fileExists(atPath: absent))
        for bytes in [Data(), Data("hello".utf8), Data(repeating: 7, count: 5_000)] {
            let path = scene.folder.appending(path: "noise.db").path
            try bytes.write(to: URL(filePath: path))
            #expect(throws: VaultError(.notAVault, path)) {
                try IdentityVault(opening: path, master: master)
            }
            #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
        }
    }

    @Test("erasing leaves no byte of the person in any file of the vault")
    func erasure() throws {
        let scene = try VaultScene()
        let pid = try scene.enrol()
        for number in 0..<200 {
            _ = try scene.vault.pseudonym(
                of: VaultScene.person("other \(number)"), .jobSeeker, period: "2026")
        }
        try scene.vault.request(pid, reference: "R-1", by: scene.officer)
        try scene.vault.approve("R-1", by: scene.delegate)
        let filter = " FROM person WHERE pid = '\(pid.text)'"
        var traces: [[UInt8]] = [Array(pid.text.utf8)]
        for name in ["place", "record_key", "wrapped_key", "record"] {
            traces.append(try scene.column(name, of: String(filter.dropFirst(6))))
        }
        traces.append(try scene.column("share", of: "resolution"))
        for trace in traces { #expect(try scene.holds(trace)) }
        #expect(try scene.vault.erase(pid))
        for trace in traces { #expect(try !scene.holds(trace)) }
        #expect(try !scene.vault.erase(pid))
        #expect(try scene.vault.pseudonyms().count == 200)
        #expect(throws: VaultError(.unknownPerson, pid.text)) {
            try scene.vault.request(pid, reference: "R-2", by: scene.officer)
        }
    }

    @Test("a backup opens with the same key, and holds no person in clear")
    func backup() throws {
        let scene = try VaultScene()
        let pid = try scene.enrol()
        let copy = scene.folder.appending(path: "copy.db").path
        try scene.vault.backUp(to: copy)
        let restored = try IdentityVault(opening: copy, master: scene.master)
        #expect(try restored.pseudonyms() == [pid])
        #expect(try !scene.holds(Array(VaultScene.identity.identifier.utf8)))
        #expect(throws: VaultError.self) { try scene.vault.backUp(to: copy) }
    }
}
