// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A socket that listens, and a thread for each connection that it takes.
final class Listener: Sendable {
    private let socket: Int32
    /// The port, which the system chose where 0 was asked for.
    let port: UInt16
    private let table = ConnectionTable()

    /// Listens on an address: `127.0.0.1:2025`, `[::1]:2025`.
    ///
    /// - Throws: ``WitnessFault/Code/cannotListen`` if it is none, or is taken.
    init(_ address: String) throws {
        guard let colon = address.lastIndex(of: ":") else {
            throw WitnessFault(.cannotListen, address)
        }
        var host = String(address[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let port = String(address[address.index(after: colon)...])
        // The C library takes numbers that are no port, and cuts them.
        guard !host.isEmpty, UInt16(port) != nil,
            unsafe getaddrinfo(host, port, &hints, &found) == 0,
            let place = unsafe found
        else { throw WitnessFault(.cannotListen, address) }
        defer { unsafe freeaddrinfo(found) }
        let socket = unsafe Glibc.socket(
            place.pointee.ai_family, place.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard socket >= 0, unsafe setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, size) == 0,
            unsafe bind(socket, place.pointee.ai_addr, place.pointee.ai_addrlen) == 0,
            listen(socket, 128) == 0
        else {
            let number = errno
            if socket >= 0 { close(socket) }
            throw WitnessFault(.cannotListen, address, fact: "errno \(number)")
        }
        self.socket = socket
        self.port = Self.port(of: socket)
    }

    deinit { close(socket) }

    private static func port(of socket: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = unsafe getsockname(socket, address, &size)
            }
            // The port stands at the same place in both families.
            return unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                unsafe UInt16(bigEndian: $0.pointee.sin_port)
            }
        }
    }

    /// Takes connections until the process ends.
    func run(
        _ limits: Connection.Limits,
        _ answer: @escaping @Sendable (RequestHead, [UInt8]) -> Response
    ) -> Never {
        while true {
            var storage = sockaddr_storage()
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let client = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe accept(socket, $0, &size)
                }
            }
            guard client >= 0 else {
                // Out of descriptors, most likely: wait for some to come back.
                if errno != EINTR && errno != ECONNABORTED { usleep(50_000) }
                continue
            }
            guard table.enter(client, Self.host(of: storage)) else {
                close(client)
                continue
            }
            let isStarted = Self.start { [table] in
                var connection = Connection(client, limits, table)
                connection.serve(answer)
            }
            if !isStarted { table.leave(client) }
        }
    }

    /// The address of a peer, without its port.
    private static func host(of storage: sockaddr_storage) -> [UInt8] {
        unsafe withUnsafeBytes(of: storage) { bytes in
            unsafe Array(
                storage.ss_family == sa_family_t(AF_INET6) ? bytes[8..<24] : bytes[4..<8])
        }
    }

    /// Runs work in a thread of its own: a pool would let connections that wait hold up the others.
    private static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
        let load = unsafe Unmanaged.passRetained(Load(work)).toOpaque()
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer = unsafe pointer else { return nil }
                unsafe Unmanaged<Load>.fromOpaque(pointer).takeRetainedValue().work()
                return nil
            }, load)
        guard status == 0 else {
            unsafe Unmanaged<Load>.fromOpaque(load).release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private final class Load: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
}
