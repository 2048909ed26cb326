// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One client's connection: requests are read within bounds of size and time, and answered in turn.
struct Connection: ~Copyable {
    /// The bounds.
    struct Limits: Sendable {
        var bodyByteCountMax: Int
        /// How long a connection may stay without a request.
        var idleMilliseconds: Int64 = 5_000
        /// How long a request may take to come, from its first byte to its last.
        var requestMilliseconds: Int64 = 10_000
        /// How many requests one connection may carry.
        var requestCountMax = 1_000
    }

    private let socket: Int32
    private let limits: Limits
    private let table: ConnectionTable
    /// What came after the last request.
    private var pending: [UInt8] = []

    /// Takes a connection that the table has a place for.
    init(_ socket: Int32, _ limits: Limits, _ table: ConnectionTable) {
        self.socket = socket
        self.limits = limits
        self.table = table
    }

    deinit { table.leave(socket) }

    /// Reads and answers requests until the client goes away, or has to.
    mutating func serve(_ answer: (RequestHead, [UInt8]) -> Response) {
        for number in 1...limits.requestCountMax {
            do throws(RequestHead.Refusal) {
                guard let (head, body) = try readRequest() else { return }
                table.note(socket, waits: false)
                let response = answer(head, body)
                let keepsAlive = head.keepsAlive && number < limits.requestCountMax
                let bytes = response.bytes(
                    keepsAlive: keepsAlive, withBody: head.method != "HEAD")
                guard send(bytes) else { return }
                table.note(socket, waits: true)
                guard keepsAlive else { return linger() }
            } catch {
                let text = Array("the request is not one that this server reads\n".utf8)
                let response = Response(status: error.status, body: text)
                guard send(response.bytes(keepsAlive: false)) else { return }
                return linger()
            }
        }
    }

    /// The next request; nil if the client went away or kept silent.
    private mutating func readRequest() throws(RequestHead.Refusal) -> (RequestHead, [UInt8])? {
        if pending.isEmpty {
            guard receive(until: Deadline(after: limits.idleMilliseconds)) else { return nil }
        }
        let deadline = Deadline(after: limits.requestMilliseconds)
        var end: (head: Int, body: Int)?
        while true {
            end = Self.headEnd(pending)
            guard end == nil else { break }
            guard pending.count <= RequestHead.byteCountMax else {
                throw RequestHead.Refusal(status: 431)
            }
            guard receive(until: deadline) else { throw RequestHead.Refusal(status: 408) }
        }
        guard let end, end.head <= RequestHead.byteCountMax else {
            throw RequestHead.Refusal(status: 431)
        }
        let head = try RequestHead(parsing: pending[..<end.head])
        guard head.bodyByteCount <= limits.bodyByteCountMax else {
            throw RequestHead.Refusal(status: 413)
        }
        pending.removeFirst(end.body)
        if head.expectsContinue, pending.count < head.bodyByteCount {
            guard send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) else { return nil }
        }
        while pending.count < head.bodyByteCount {
            guard receive(until: deadline) else { throw RequestHead.Refusal(status: 408) }
        }
        let body = Array(pending.prefix(head.bodyByteCount))
        pending.removeFirst(head.bodyByteCount)
        return (head, body)
    }

    /// Where the head ends and the body begins: at an empty line.
    private static func headEnd(_ bytes: [UInt8]) -> (head: Int, body: Int)? {
        var start = 0
        while let feed = bytes[start...].firstIndex(of: 0x0A) {
            let isEmpty = feed == start || feed == start + 1 && bytes[start] == 0x0D
            if isEmpty, start > 0 {
                let isPaired = start > 1 && bytes[start - 2] == 0x0D
                return (start - (isPaired ? 2 : 1), feed + 1)
            }
            // An empty line before the request is passed over by nobody: it is no request.
            guard !isEmpty else { return (0, feed + 1) }
            start = feed + 1
        }
        return nil
    }

    // MARK: Socket

    /// Takes what comes next; false if nothing came in time, or nothing will.
    private mutating func receive(until deadline: Deadline) -> Bool {
        guard deadline.wait(for: socket, POLLIN) else { return false }
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        pending += buffer[..<count]
        return true
    }

    /// Sends all bytes; false if the client does not take them in time.
    private func send(_ bytes: [UInt8]) -> Bool {
        let deadline = Deadline(after: limits.requestMilliseconds)
        var done = 0
        while done < bytes.count {
            guard deadline.wait(for: socket, POLLOUT) else { return false }
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    socket, buffer.baseAddress.map { unsafe $0 + done }, bytes.count - done,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                done += count
            } else if errno != EINTR && errno != EAGAIN {
                return false
            }
        }
        return true
    }

    /// Lets the client read the answer before the connection is gone: closing a socket that still
    /// holds unread bytes would take the answer away.
    private mutating func linger() {
        shutdown(socket, Int32(SHUT_WR))
        let deadline = Deadline(after: 1_000)
        var count = 0
        while count < 64, receive(until: deadline) {
            pending.removeAll(keepingCapacity: true)
            count += 1
        }
    }
}
