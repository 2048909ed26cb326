// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Glibc

/// A witness: whether something answers at its address; it is asked for nothing.
struct WitnessCheck {
    let address: String
    private static let waitMilliseconds: Int32 = 3_000

    var checkup: Checkup {
        func checkup(_ state: Checkup.State, _ seen: LocalizedText) -> Checkup {
            Checkup("witness", state, fr: "Témoin", en: "Witness", seen: seen)
        }
        guard let (host, port) = Self.parts(address) else {
            return checkup(
                .bad,
                LocalizedText(
                    fr: "\(address) n’est pas une adresse http ou https",
                    en: "\(address) is no http or https address"))
        }
        guard Self.answers(host, port) else {
            return checkup(
                .warning,
                LocalizedText(
                    fr: "\(address) ne répond pas en 3 s", en: "\(address) does not answer in 3 s"))
        }
        return checkup(.good, LocalizedText(both: address))
    }

    /// The host and the port of an address; `[::1]:2025` for IPv6.
    static func parts(_ address: String) -> (host: String, port: String)? {
        let isSecure = address.hasPrefix("https://")
        guard isSecure || address.hasPrefix("http://") else { return nil }
        let rest = address.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { $0 != "/" }
        var host = authority
        var port = isSecure ? "443" : "80"
        let end = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[end...].lastIndex(of: ":") {
            host = authority[..<colon]
            port = String(authority[authority.index(after: colon)...])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, UInt16(port) != nil else { return nil }
        return (String(host), port)
    }

    private static func answers(_ host: String, _ port: String) -> Bool {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, port, &hints, &list) == 0 else { return false }
        defer { unsafe freeaddrinfo(list) }
        var next = unsafe list
        while let entry = unsafe next {
            if unsafe connects(entry.pointee) { return true }
            unsafe next = entry.pointee.ai_next
        }
        return false
    }

    private static func connects(_ address: addrinfo) -> Bool {
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = unsafe socket(address.ai_family, flags, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        if unsafe connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return true }
        guard errno == EINPROGRESS else { return false }
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&wait, 1, waitMilliseconds) == 1 else { return false }
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        let read = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
        return read == 0 && failure == 0
    }
}
