// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import LogStorage
import Merkle
import TransparencyLog
import Witnessing

// Writes logs, cosignatures and proofs for programs of others to check:
//
//     interop-logs OUT SIZE…
//
//     OUT/log.vkey, OUT/witness.vkey    the keys, which are the same in each run
//     OUT/<size>/log/                   a log of that size, its head cosigned
//     OUT/<size>/inclusion/<index>      `.tlog-proof` files, the entry in their extra bytes
//     OUT/<size>/consistency/<old>      `add-checkpoint` requests: an old size, a proof, the head
//     OUT/<size>/stamp.tsq              a request for a time stamp over the head (RFC 3161)
let arguments = CommandLine.arguments.dropFirst()
let sizes = arguments.dropFirst().compactMap { UInt64($0) }.sorted()
guard let out = arguments.first, sizes.count == arguments.count - 1, sizes.first ?? 0 >= 1 else {
    FileHandle.standardError.write(Data("usage: interop-logs OUT SIZE…\n".utf8))
    exit(64)
}

/// Grows one log through all sizes, and leaves a copy at each.
struct Growth {
    let out: URL
    let key: LogSigningKey
    let witness: WitnessSigningKey
    let appender: LogAppender
    let scanner = Submission.scanner

    init(_ path: String) throws {
        out = URL(filePath: path)
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        let seed = { (byte: UInt8) throws in
            try SigningKey(seed: [UInt8](repeating: byte, count: 32))
        }
        key = try LogSigningKey(name: "vigie.example/interop", key: seed(1))
        witness = try WitnessSigningKey(name: "temoin.example/interop", key: seed(2))
        try Self.write("\(key.verificationKey.text)\n", to: out.appending(path: "log.vkey"))
        try Self.write("\(witness.verificationKey.text)\n", to: out.appending(path: "witness.vkey"))
        let genesis = try Submission(
            LogGenesis.submission(
                key: key.verificationKey, recoveryKey: key.verificationKey,
                retentionDays: 180...365, openedAt: 1_767_225_600_000))
        appender = try LogAppender(
            out.appending(path: "growing").path, key: key, genesis: genesis,
            options: .init(isDurable: false, clock: { 1_767_225_600_000 }))
    }

    static func write(_ text: String, to file: URL) throws {
        try Data(text.utf8).write(to: file)
    }

    func grow(to size: UInt64) throws {
        while appender.size < size {
            let first = appender.size
            let batch = try (first..<min(size, first + 4_096)).map { number in
                try Submission(
                    Array(
                        """
                        {"id":"\(number)","occurred_at":"2026-01-01T00:00:00.000Z","source":"interop",\
                        "source_seq":\(number),"type":"heartbeat","v":1}
                        """.utf8), scanner: scanner)
            }
            _ = try appender.append(batch)
        }
        try appender.sign()
    }

    /// Copies the log by links, cosigns the copy's head, and makes proofs from its files.
    func leave(_ size: UInt64) throws {
        let folder = out.appending(path: "\(size)")
        let log = folder.appending(path: "log")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let copy = try Process.run(
            URL(filePath: "/bin/cp"),
            arguments: ["-al", out.appending(path: "growing").path, log.path])
        copy.waitUntilExit()
        guard copy.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
        for name in [".state", "wal"] {
            try FileManager.default.removeItem(at: log.appending(path: name))
        }
        let prover = try LogProver(LogReader(log.path))
        var note = prover.head.note
        note.merge([try witness.cosign(note.text, at: 1_767_225_600 + size)])
        let head = log.appending(path: "checkpoint")
        try FileManager.default.removeItem(at: head)
        try Data(note.bytes).write(to: head)
        let request = try TimestampRequest(imprint: prover.head.imprint)
        try Data(request.bytes).write(to: folder.appending(path: "stamp.tsq"))
        try proofs(size, LogProver(LogReader(log.path)), folder)
    }

    private func proofs(_ size: UInt64, _ prover: LogProver, _ folder: URL) throws {
        for name in ["inclusion", "consistency"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        for index in Self.places(size) where index < size {
            let proof = try prover.prove(index: index)
            let whole = LogProof(
                inclusion: proof.inclusion, head: proof.head,
                extra: try prover.entry(at: index))
            try Data(whole.bytes).write(to: folder.appending(path: "inclusion/\(index)"))
        }
        for old in Self.places(size) where old > 0 {
            let proof = try prover.prove(oldSize: old)
            let request = AddCheckpoint(
                oldSize: old, proof: proof.consistency.hashes, note: prover.head.note)
            try Data(request.body).write(to: folder.appending(path: "consistency/\(old)"))
        }
    }

    /// All places of a small tree; else the ends, the middle, and the borders of subtrees.
    static func places(_ size: UInt64) -> [UInt64] {
        guard size > 40 else { return Array(0...size) }
        var places: Set<UInt64> = [0, 1, size / 3, size / 2, size - 2, size - 1, size]
        for power in 0..<54 where 1 << UInt64(power) <= size {
            let border: UInt64 = 1 << UInt64(power)
            places.formUnion([border - 1, border])
        }
        return places.filter { $0 <= size }.sorted()
    }
}

let growth = try Growth(out)
for size in sizes {
    try growth.grow(to: size)
    try growth.leave(size)
}
