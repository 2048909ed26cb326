// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import TransparencyLog
import Witnessing

/// A witness behind HTTP.
///
///     POST /add-checkpoint      asks for a cosignature
///     POST /add-key             tells that the log is signed by its next key
///     GET  /<id>/checkpoint     the checkpoint cosigned last; <id> is SHA-256 of the log's origin
///     GET  /                    whose witness this is
final class WitnessService: Sendable {
    /// One request at a time: checking the old size and recording the new one are one step.
    private let witness: Mutex<Witness<WitnessFolder>>
    private let folder: WitnessFolder

    init(_ key: WitnessSigningKey, _ folder: WitnessFolder) {
        self.folder = folder
        witness = Mutex(Witness(key: key, store: folder))
    }

    func answer(_ head: RequestHead, _ body: [UInt8]) -> Response {
        let isReading = head.method == "GET" || head.method == "HEAD"
        if head.path == "/add-checkpoint" {
            guard head.method == "POST" else { return Response(status: 405, allowed: "POST") }
            let answer = witness.withLock { $0.addCheckpoint(body, at: Self.now()) }
            return Response(
                status: answer.status.rawValue, contentType: answer.contentType,
                body: answer.body)
        }
        if head.path == "/add-key" {
            guard head.method == "POST" else { return Response(status: 405, allowed: "POST") }
            let answer = witness.withLock { $0.addKey(body) }
            return Response(
                status: answer.status.rawValue, contentType: answer.contentType,
                body: answer.body)
        }
        if head.path == "/" {
            guard isReading else { return Response(status: 405, allowed: "GET, HEAD") }
            return Response(status: 200, body: Array("\(folder.verificationKey.text)\n".utf8))
        }
        let parts = head.path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 3, parts[2] == "checkpoint" {
            guard isReading else { return Response(status: 405, allowed: "GET, HEAD") }
            return checkpoint(String(parts[1]))
        }
        return Response(status: 404, body: Array("there is nothing here\n".utf8))
    }

    private func checkpoint(_ identifier: String) -> Response {
        do {
            guard try folder.identifiers().contains(identifier),
                let head = try folder.head(in: identifier)
            else {
                return Response(
                    status: 404, body: Array("no checkpoint of that log was cosigned\n".utf8))
            }
            return Response(status: 200, body: head.note.bytes)
        } catch {
            return Response(status: 503, body: Array("the witness cannot read\n".utf8))
        }
    }

    /// Seconds since 1970.
    static func now() -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: time.tv_sec)
    }
}
