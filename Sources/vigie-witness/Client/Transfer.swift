// SPDX-License-Identifier: Apache-2.0

import CCurl

/// One question over HTTP and its answer, by libcurl: directly, or by the proxy that `http_proxy`,
/// `https_proxy`, `all_proxy` and `no_proxy` name.
@safe final class Transfer {
    private let handle: UnsafeMutableRawPointer
    private let address: OpaquePointer
    private let byteCountMax: Int
    private var body: [UInt8] = []

    /// Whether the library could be started; it must be, once, before it is used.
    private static let isStarted = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Prepares a transfer.
    ///
    /// - Parameters:
    ///   - url: An `http` or `https` address. One that holds a name or a password is refused: messages
    ///     show addresses.
    ///   - seconds: How long it may take, from the first look-up of a name to the last byte.
    ///   - byteCountMax: The greatest number of bytes of an answer's body.
    /// - Throws: ``NoAnswer/noAddress``, or ``NoAnswer/library(_:)`` if libcurl refuses to begin.
    init(to url: String, seconds: Int, byteCountMax: Int) throws(NoAnswer) {
        self.byteCountMax = byteCountMax
        guard Self.isStarted, let handle = unsafe curl_easy_init() else {
            throw .library(Int(CURLE_FAILED_INIT.rawValue))
        }
        guard let address = unsafe curl_url() else {
            unsafe curl_easy_cleanup(handle)
            throw .library(Int(CURLE_FAILED_INIT.rawValue))
        }
        unsafe (self.handle, self.address) = (handle, address)
        let start = url.prefix { $0 != "/" }.lowercased()
        guard start == "http:" || start == "https:", url.dropFirst(start.count).hasPrefix("//"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            unsafe curl_url_set(address, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER))
                == CURLUE_OK
        else { throw .noAddress }
        try set(unsafe vigie_curl_address(handle, address))
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try set(CURLOPT_TIMEOUT, seconds)
        try set(CURLOPT_CONNECTTIMEOUT, seconds)
        // Without signals: the resolver has a thread of its own.
        try set(CURLOPT_NOSIGNAL, 1)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_url_cleanup(address)
    }

    /// Believes servers under the roots of a file in PEM, in place of the system's.
    func believe(underRootsOf file: String) throws(NoAnswer) {
        try set(unsafe vigie_curl_text(handle, CURLOPT_CAINFO, file))
        // The system's folder of roots would still be believed beside it.
        try set(unsafe vigie_curl_text(handle, CURLOPT_CAPATH, nil))
    }

    /// Sends a body and takes the answer.
    ///
    /// - Parameters:
    ///   - sent: The body.
    ///   - headers: Lines of the request's head; a name without a value takes a line away.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``NoAnswer`` if no whole answer came within the bounds.
    func post(_ sent: [UInt8], headers: [String]) throws(NoAnswer) -> Exchange.Answer {
        var list: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(list) }
        for line in headers {
            guard let longer = unsafe curl_slist_append(list, line) else { throw .broken }
            unsafe list = longer
        }
        try set(unsafe vigie_curl_headers(handle, list))
        try set(CURLOPT_POST, 1)
        let result = unsafe sent.withUnsafeBytes { bytes -> CURLcode in
            // A null pointer would have it read the body from the standard input.
            unsafe vigie_curl_body(handle, bytes.baseAddress, bytes.count)
            unsafe vigie_curl_taker(handle, Self.take, Unmanaged.passUnretained(self).toOpaque())
            return unsafe curl_easy_perform(handle)
        }
        guard result == CURLE_OK else { throw failure(result) }
        let type = unsafe vigie_curl_told_text(handle, CURLINFO_CONTENT_TYPE)
        return Exchange.Answer(
            status: unsafe vigie_curl_told_number(handle, CURLINFO_RESPONSE_CODE),
            contentType: unsafe type.map { unsafe String(cString: $0) } ?? "", body: body)
    }

    /// Takes the next bytes of the body; refuses those beyond the limit, which ends the transfer.
    private static let take:
        @convention(c) (
            UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?
        ) -> Int = { bytes, size, count, taker in
            guard let bytes = unsafe bytes, let taker = unsafe taker else { return 0 }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(taker).takeUnretainedValue()
            let (taken, room) = (size * count, transfer.byteCountMax - transfer.body.count)
            guard taken <= room else { return 0 }
            unsafe transfer.body.append(
                contentsOf: UnsafeRawBufferPointer(start: bytes, count: taken))
            return taken
        }

    private func set(_ option: CURLoption, _ value: Int) throws(NoAnswer) {
        try set(unsafe vigie_curl_number(handle, option, value))
    }

    private func set(_ result: CURLcode) throws(NoAnswer) {
        guard result == CURLE_OK else { throw .library(Int(result.rawValue)) }
    }

    private func failure(_ result: CURLcode) -> NoAnswer {
        let proxyStatus = unsafe vigie_curl_told_number(handle, CURLINFO_HTTP_CONNECTCODE)
        if proxyStatus >= 300 { return .proxyRefused(proxyStatus) }
        return switch result {
        case CURLE_URL_MALFORMAT: .noAddress
        case CURLE_COULDNT_RESOLVE_HOST: .unknownHost
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .badProxy
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_OPERATION_TIMEDOUT: .tooLate
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: .notBelieved
        case CURLE_SSL_CACERT_BADFILE: .noRoots
        case CURLE_SSL_CONNECT_ERROR: .noSecureConnection
        // The second is what some versions say of a line of the head that is too long.
        case CURLE_WRITE_ERROR, CURLE_OUT_OF_MEMORY: .tooLong
        // The second is how it calls an answer without a status line, which HTTP once had.
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL: .malformed
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .broken
        default: .library(Int(result.rawValue))
        }
    }
}
