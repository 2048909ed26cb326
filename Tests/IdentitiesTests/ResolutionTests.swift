// SPDX-License-Identifier: Apache-2.0

import Cryptography
import GRDB
import Identities
import Testing

/// Two people open a pseudonym; one does not, whatever the flags and the edits.
@Suite struct ResolutionTests {
    @Test("asked by one, approved by the other, opened once", arguments: CustodianSeat.allCases)
    func threeSteps(asking: CustodianSeat) throws {
        let scene = try VaultScene()
        let pid = try scene.enrol()
        let first = asking == .officer ? scene.officer : scene.delegate
        let second = asking == .officer ? scene.delegate : scene.officer
        try scene.vault.request(pid, reference: "R-1", by: first)
        #expect(try scene.vault.requested("R-1") == pid)
        try scene.vault.approve("R-1", by: second)
        let opened = try scene.vault.open("R-1", by: first, recording: { _ in })
        #expect(opened.pid == pid)
        #expect(opened.identity == (try VaultScene.person()))
        #expect(throws: VaultError(.unknownReference, "R-1")) {
            try scene.vault.open("R-1", by: first, recording: { _ in })
        }
    }

    @Test("nobody is named where the act could not be recorded")
    func unrecorded() throws {
        struct NoLog: Error {}
        let scene = try VaultScene()
        let pid = try scene.enrol()
        try scene.vault.request(pid, reference: "R-1", by: scene.officer)
        try scene.vault.approve("R-1", by: scene.delegate)
        #expect(throws: NoLog.self) {
            try scene.vault.open("R-1", by: scene.officer, recording: { _ in throw NoLog() })
        }
        // Nothing is spent: the request opens once the log takes the entry.
        var recorded: [Pseudonym] = []
        _ = try scene.vault.open("R-1", by: scene.officer, recording: { recorded.append($0) })
        #expect(recorded == [pid])
    }

    @Test("one custodian alone opens nothing")
    func alone() throws {
        let scene = try VaultScene()
        let pid = try scene.enrol()
        let vault = scene.vault
        #expect(throws: VaultError(.unknownReference, "R-1")) {
            try vault.open("R-1", by: scene.officer, recording: { _ in })
        }
        try vault.request(pid, reference: "R-1", by: scene.officer)
        #expect(throws: VaultError(.notApproved, "R-1")) {
            try vault.open("R-1", by: scene.officer, recording: { _ in })
        }
        #expect(throws: VaultError(.samePerson)) {
            try vault.approve("R-1", by: scene.officer)
        }
        // The officer's key, said to be the delegate's.
        let impostor = Custodian(.delegate, key: scene.officerKey)
        #expect(throws: VaultError(.wrongCustodian, "cse")) {
            try vault.approve("R-1", by: impostor)
        }
        #expect(throws: VaultError(.wrongCustodian, "cse")) {
            try vault.request(pid, reference: "R-2", by: impostor)
        }
        // Approved, it opens for the one who asked only.
        try vault.approve("R-1", by: scene.delegate)
        #expect(throws: VaultError(.wrongCustodian, "dpo")) {
            try vault.open("R-1", by: scene.delegate, recording: { _ in })
        }
        #expect(throws: VaultError(.referenceTaken, "R-1")) {
            try vault.request(pid, reference: "R-1", by: scene.officer)
        }
    }

    @Test("editing the file does not stand for an approval")
    func edited() throws {
        let scene = try VaultScene()
        let pid = try scene.enrol()
        let other = try scene.vault.pseudonym(
            of: VaultScene.person("someone else"), .jobSeeker, period: "2026")
        try scene.vault.request(pid, reference: "R-1", by: scene.officer)
        try scene.vault.approve("R-1", by: scene.delegate)

        // The approval of one person's case, moved to another's.
        try scene.vault.request(other, reference: "R-2", by: scene.officer)
        try scene.edit(
            """
            UPDATE resolution SET
                share = (SELECT share FROM resolution WHERE reference = 'R-1'),
                answer_key = (SELECT answer_key FROM resolution WHERE reference = 'R-1')
            WHERE reference = 'R-2'
            """)
        #expect(throws: VaultError(.altered, other.text)) {
            try scene.vault.open("R-2", by: scene.officer, recording: { _ in })
        }
        // The request that was approved, pointed at another person.
        try scene.edit("UPDATE resolution SET pid = ? WHERE reference = 'R-1'", [other.text])
        #expect(throws: VaultError(.altered, other.text)) {
            try scene.vault.open("R-1", by: scene.officer, recording: { _ in })
        }
        // The requester's seat, changed so that one key would do for both.
        try scene.vault.request(other, reference: "R-3", by: scene.officer)
        try scene.edit("UPDATE resolution SET requester = 'cse' WHERE reference = 'R-3'")
        try scene.vault.approve("R-3", by: scene.officer)
        #expect(throws: VaultError(.wrongCustodian, "cse")) {
            try scene.vault.open("R-3", by: scene.officer, recording: { _ in })
        }
    }

    @Test("a record put under another's pseudonym before the approval does not open")
    func swappedRecord() throws {
        let scene = try VaultScene()
        let pid = try scene.enrol()
        let victim = try scene.vault.pseudonym(
            of: VaultScene.person("the one they want"), .jobSeeker, period: "2026")
        try scene.vault.request(pid, reference: "R-1", by: scene.officer)
        for column in ["record_key", "wrapped_key", "record"] {
            try scene.edit(
                """
                UPDATE person SET \(column) =
                    (SELECT \(column) FROM person WHERE pid = ?) WHERE pid = ?
                """, [victim.text, pid.text])
        }
        try scene.vault.approve("R-1", by: scene.delegate)
        #expect(throws: VaultError(.altered, pid.text)) {
            try scene.vault.open("R-1", by: scene.officer, recording: { _ in })
        }
    }

    @Test("a custodian's key cannot be exchanged in the file")
    func exchangedCustodian() throws {
        let scene = try VaultScene()
        let own = try AgreementKey(.random(count: 32))
        try scene.edit(
            "UPDATE vault SET value = ? WHERE name = 'custodian.cse'", [own.publicKey.blob])
        #expect(throws: VaultError(.altered, "custodians")) {
            try IdentityVault(opening: scene.path, master: scene.master)
        }
        #expect(throws: VaultError(.sameCustodians)) {
            try CustodianKeys(officer: own.publicKey, delegate: own.publicKey)
        }
    }

    @Test(
        "one altered byte of a record or an approval opens nobody",
        arguments: [
            ("person", "record_key"), ("person", "wrapped_key"), ("person", "record"),
            ("resolution", "answer_key"), ("resolution", "share"),
        ])
    func everyByte(table: String, column: String) throws {
        let scene = try VaultScene()
        let pid = try scene.enrol()
        try scene.vault.request(pid, reference: "R-1", by: scene.officer)
        try scene.vault.approve("R-1", by: scene.delegate)
        let bytes = try scene.column(column, of: table)
        #expect(bytes.count >= 32)
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1
            try scene.edit("UPDATE \(table) SET \(column) = ?", [altered.blob])
            #expect(throws: VaultError(.altered, pid.text), "byte \(index)") {
                try scene.vault.open("R-1", by: scene.officer, recording: { _ in })
            }
        }
        try scene.edit("UPDATE \(table) SET \(column) = ?", [bytes.blob])
        #expect(
            try scene.vault.open("R-1", by: scene.officer, recording: { _ in }).identity
                == VaultScene.person())
    }
}
