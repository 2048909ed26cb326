// SPDX-License-Identifier: Apache-2.0

/// The request line and the headers of an HTTP/1.1 request, as far as a witness needs them.
///
/// It is strict where leniency has led to attacks (RFC 9112, sections 5.1, 6.1 and 6.3): no space
/// before a colon, no folded lines, one length at most, no transfer codings.
struct RequestHead: Hashable {
    /// A request that is answered with an error, after which the connection is closed.
    struct Refusal: Error, Hashable {
        var status: Int
    }

    /// The greatest number of bytes of a head.
    static let byteCountMax = 8_192

    var method = ""
    /// The path, without a query.
    var path = ""
    /// The number of bytes of the body.
    var bodyByteCount = 0
    /// Whether another request may follow on the connection.
    var keepsAlive = true
    /// Whether the client waits for a word before it sends the body.
    var expectsContinue = false

    /// Parses a head, without the empty line that ends it.
    init(parsing bytes: some Collection<UInt8>) throws(Refusal) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.last == 0x0D ? Array(line.dropLast()) : Array(line)
        }
        guard
            lines.joined().allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
            let first = lines.first
        else { throw Refusal(status: 400) }
        try readRequestLine(first)
        var hasLength = false
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
                line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { throw Refusal(status: 400) }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = Self.trimmed(line[(colon + 1)...])
            switch name {
            case "content-length":
                guard !hasLength else { throw Refusal(status: 400) }
                hasLength = true
                bodyByteCount = try Self.length(value)
            case "transfer-encoding": throw Refusal(status: 411)
            case "connection": readConnection(value)
            case "expect":
                guard value.lowercased() == "100-continue" else { throw Refusal(status: 417) }
                expectsContinue = true
            default: break
            }
        }
    }

    private mutating func readRequestLine(_ line: [UInt8]) throws(Refusal) {
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, words[1].first == UInt8(ascii: "/") else {
            throw Refusal(status: 400)
        }
        switch String(decoding: words[2], as: UTF8.self) {
        case "HTTP/1.1": keepsAlive = true
        case "HTTP/1.0": keepsAlive = false
        default: throw Refusal(status: 505)
        }
        method = String(decoding: words[0], as: UTF8.self)
        path = String(decoding: words[1].prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }

    private static func length(_ value: String) throws(Refusal) -> Int {
        let digits = value.utf8
        guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(value)
        else { throw Refusal(status: digits.count > 9 ? 413 : 400) }
        return length
    }

    private mutating func readConnection(_ value: String) {
        for option in value.lowercased().split(separator: ",") {
            switch Self.trimmed(Array(option.utf8)[...]) {
            case "close": keepsAlive = false
            case "keep-alive": keepsAlive = true
            default: break
            }
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}

/// What is sent back.
struct Response {
    var status: Int
    var contentType = "text/plain; charset=utf-8"
    var body: [UInt8] = []
    /// The methods that the resource has, where another one was used.
    var allowed: String?

    /// The response as bytes.
    func bytes(keepsAlive: Bool, withBody: Bool = true) -> [UInt8] {
        var head = """
            HTTP/1.1 \(status) \(Self.phrase(status))\r
            Content-Type: \(contentType)\r
            Content-Length: \(body.count)\r
            Cache-Control: no-store\r
            X-Content-Type-Options: nosniff\r
            Connection: \(keepsAlive ? "keep-alive" : "close")\r

            """
        if let allowed { head += "Allow: \(allowed)\r\n" }
        return Array((head + "\r\n").utf8) + (withBody ? body : [])
    }

    private static func phrase(_ status: Int) -> String {
        [
            200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
            405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict",
            411: "Length Required", 413: "Content Too Large", 417: "Expectation Failed",
            422: "Unprocessable Content", 431: "Request Header Fields Too Large",
            503: "Service Unavailable", 505: "HTTP Version Not Supported",
        ][status] ?? "Error"
    }
}
