// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Testing
import TransparencyLog

@Suite struct SignedNoteTests {
    /// The key of the standard's example, and of Go's `sumdb/note`.
    let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test func readsAndVerifiesTheStandardsExample() throws {
        let key = try LogVerificationKey(parsing: peter)
        #expect(key.name == "PeterNeumann")
        #expect(key.text == peter)
        let note = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

            """
        let parsed = try SignedNote(parsing: Array(note.utf8))
        #expect(try parsed.verify(with: [key]) == key)
        #expect(parsed.bytes == Array(note.utf8))
    }

    @Test func everyChangedByteOfACheckpointIsNoticed() throws {
        let key = try sampleKey()
        let checkpoint = Checkpoint(
            origin: "vigie.example/test", treeSize: 70_000, rootHash: SHA256Hasher().hash([1]))
        let bytes = try checkpoint.signed(with: key).bytes
        let read = try CheckpointNote(parsing: bytes)
        #expect(read.checkpoint == checkpoint)
        #expect(try read.note.verify(with: [key.verificationKey]) == key.verificationKey)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                let signer = try? CheckpointNote(parsing: changed).note.verify(
                    with: [key.verificationKey])
                #expect(signer == nil, "byte \(index), bit \(bit)")
            }
        }
        for count in bytes.indices {
            #expect(throws: NoteError.self) {
                try CheckpointNote(parsing: Array(bytes[..<count])).note.verify(
                    with: [key.verificationKey])
            }
        }
    }

    @Test func passesOverUnknownSignatures() throws {
        let (first, second) = (try sampleKey(1), try sampleKey(2))
        var note = SignedNote(text: "text\n")
        try note.sign(with: first)
        try note.sign(with: second)
        #expect(try note.verify(with: [second.verificationKey]) == second.verificationKey)
        #expect(throws: NoteError.noKnownSignature) {
            try note.verify(with: [sampleKey(3).verificationKey])
        }
        note.signatures[0].bytes[0] ^= 1
        #expect(throws: NoteError.invalidSignature) {
            try note.verify(with: [first.verificationKey])
        }
    }

    @Test func keysComeBackFromTheirText() throws {
        let key = try sampleKey()
        let again = try LogSigningKey(parsing: key.privateText)
        #expect(again.verificationKey == key.verificationKey)
        #expect("\(key)" == "LogSigningKey(vigie.example/test)")
        #expect(throws: NoteError.keyHashMismatch) {
            try LogVerificationKey(parsing: peter.replacing("c74f20a3", with: "c74f20a4"))
        }
        for text in ["", "+", "a+b", "a+00000000+", "a b+00000000+AA==", peter + "+"] {
            #expect(throws: NoteError.self) { try LogVerificationKey(parsing: text) }
        }
    }

    @Test(arguments: [
        "o\n07\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "o\n-7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "o\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", "o\n7\n47DE\n", "o\n7\n",
        "\n7\nA\n",
        "o\n18446744073709551616\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    ])
    func refusesOtherCheckpoints(text: String) {
        #expect(throws: NoteError.malformedCheckpoint) { try Checkpoint(parsing: text) }
    }

    @Test(arguments: [
        (LogPath.tile(level: 0, index: 0, width: 256), "tile/0/000"),
        (.tile(level: 1, index: 1_234_067, width: 256), "tile/1/x001/x234/067"),
        (.bundle(index: 1_000, width: 17), "tile/entries/x001/000.p/17"),
        (.segment(first: 512), "wal/512.seg"),
        (.keptCheckpoint(size: 7), "checkpoints/7"), (.checkpoint, "checkpoint"),
    ])
    func pathsAreThoseOfTheStandard(path: LogPath, text: String) {
        #expect(path.text == text)
    }
}
