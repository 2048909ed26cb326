// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Asking a witness under TLS, by proxies, and of servers that do not answer as they should.
@Suite struct WebTests {
    let folder: Folder
    let log: String
    let witness: WitnessServer

    init() throws {
        folder = try Folder()
        log = folder.path("log")
        try Program.run(["log", "init", log, "--origin", "vigie.example/essai"])
        witness = try WitnessServer(in: folder, log: "@\(log).vkey")
        try CosignTests.append(1..<300, to: log)
    }

    /// `vigie log cosign`, in an environment.
    private func cosign(
        _ url: String, _ environment: [String] = [], _ options: [String] = []
    ) throws -> (status: Int32, output: String, errors: String) {
        try Program.run(
            environment + [
                Program.executable().path, "log", "cosign", log, "--key", "@\(log).vkey",
                "--witness", url, "--witness-key", witness.publicKey, "--lang", "en",
            ] + options, program: "/usr/bin/env")
    }

    /// A server under TLS in front of the witness, and the variable that has its certificate believed.
    private func relay() throws -> (server: WebServer, believing: String) {
        let (key, certificate) = (folder.path("tls.key"), folder.path("tls.pem"))
        let made = try Program.run(
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                "/CN=temoin",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ], program: "/usr/bin/openssl")
        try #require(made.status == 0, "\(made.errors)")
        let server = try WebServer(["relay", "\(witness.port)", certificate, key], in: folder)
        return (server, "SSL_CERT_FILE=\(certificate)")
    }

    /// The answer comes in chunks of seven bytes.
    @Test func aServerUnderTLSIsBelievedForItsCertificate() throws {
        let (server, believing) = try relay()
        let url = "https://127.0.0.1:\(server.port)/"
        let stranger = try cosign(url)
        #expect(stranger.status == 69 && stranger.errors.contains("certificate is not believed"))
        let other = try cosign("https://localhost:\(server.port)/", [believing])
        #expect(other.status == 69 && other.errors.contains("certificate is not believed"))
        #expect(try server.requests().allSatisfy { $0.hasPrefix("#") })
        let done = try cosign(url, [believing])
        #expect(done.status == 0, "\(done)")
        #expect(try server.requests().contains("POST /add-checkpoint HTTP/1.1"))
    }

    @Test func aFileWithoutRootsIsNamed() throws {
        let (server, _) = try relay()
        let empty = folder.path("roots")
        try Data("nothing".utf8).write(to: URL(filePath: empty))
        let done = try cosign(
            "https://127.0.0.1:\(server.port)", ["SSL_CERT_FILE=\(empty)"])
        #expect(done.status == 69 && done.errors.contains("SSL_CERT_FILE"), "\(done)")
        let plain = try cosign("https://127.0.0.1:\(witness.port)", [], ["--timeout", "5"])
        #expect(plain.status == 69 && plain.errors.contains("WIT211"), "\(plain)")
    }

    @Test func aProxyLeadsToTheServer() throws {
        let (server, believing) = try relay()
        let proxy = try WebServer(["proxy", "agence:mot@passe"], in: folder)
        let place = "127.0.0.1:\(proxy.port)"
        let secure = "https://127.0.0.1:\(server.port)"
        let refused = try cosign(secure, [believing, "https_proxy=http://agence:faux@\(place)"])
        #expect(refused.status == 69, "\(refused)")
        #expect(refused.errors.contains("the proxy refuses, HTTP status 407"), "\(refused)")
        let way = "http://agence:mot%40passe@\(place)"
        let done = try cosign(secure, [believing, "https_proxy=\(way)"])
        #expect(done.status == 0, "\(done)")
        let open = try cosign("http://127.0.0.1:\(witness.port)", ["http_proxy=\(way)"])
        #expect(open.status == 0, "\(open)")
        var seen = try proxy.requests()
        #expect(seen.contains("CONNECT 127.0.0.1:\(server.port) HTTP/1.1"), "\(seen)")
        let whole = "POST http://127.0.0.1:\(witness.port)/add-checkpoint HTTP/1.1"
        #expect(seen.contains(whole), "\(seen)")
        let count = seen.count
        let direct = try cosign(
            "http://127.0.0.1:\(witness.port)", ["http_proxy=\(way)", "no_proxy=127.0.0.1"])
        seen = try proxy.requests()
        #expect(direct.status == 0 && seen.count == count, "\(direct) \(seen)")
    }

    @Test(arguments: [
        ("moved", "HTTP status 302"), ("endless", "too long"), ("declared", "too long"),
        ("heads", "WIT211"), ("words", "no answer of HTTP"), ("torn", "broke"),
        ("nothing", "broke"), ("slow", "nothing came in time"),
        ("conflict-of-text", "HTTP status 409"), ("conflict-of-words", "HTTP status 409"),
        ("conflict-of-nothing", "HTTP status 409"), ("conflict-of-none", "HTTP status 409"),
    ])
    func whatIsNoAnswerIsNamed(_ answer: String, _ words: String) throws {
        let server = try WebServer(["odd", answer], in: folder)
        let done = try cosign("http://127.0.0.1:\(server.port)", [], ["--timeout", "4"])
        #expect(done.status == 69 && done.errors.contains("WIT211"), "\(done)")
        #expect(done.errors.contains(words), "\(done)")
        // Nobody is asked twice, nor anybody else.
        let asked = try server.requests().filter { !$0.hasPrefix("#") }
        #expect(asked == ["POST /add-checkpoint HTTP/1.1"])
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1:80", "http://", "http://a b/",
        "http://nom:secret@127.0.0.1/", "http://127.0.0.1:99999/",
    ])
    func whatIsNoAddressIsRefused(_ url: String) throws {
        let done = try cosign(url)
        #expect(
            done.status == 69 && done.errors.contains("no `http` or `https` address"), "\(done)")
        #expect(!done.errors.contains("secret"))
    }
}
