// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Testing

/// A time-stamping authority of this machine, made with the `openssl` command.
struct StampingAuthority {
    let folder: Folder

    /// The certificates that an authority may have.
    enum Certificate: String, CaseIterable {
        /// One for time stamping.
        case tsa
        /// One that had ended when it stamped.
        case old
        /// One for a web server.
        case web
    }

    init() throws {
        folder = try Folder()
        let configuration = Certificate.allCases.map { name in
            """
            [\(name)]
            serial = serial
            crypto_device = builtin
            signer_cert = \(name).pem
            signer_key = \(name).key
            signer_digest = sha256
            default_policy = 1.2.3.4.1
            digests = sha256
            accuracy = secs:1, millisecs:20, microsecs:1
            ess_cert_id_alg = sha256

            """
        }.joined()
        try configuration.write(
            toFile: folder.path("tsa.cnf"), atomically: true, encoding: .utf8)
        try shell(
            """
            new="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            for root in ca autre; do
              openssl req -x509 $new -keyout $root.key -out $root.pem -days 36500 \
                -subj "/O=Essai/CN=Racine $root" -addext basicConstraints=critical,CA:TRUE \
                -addext keyUsage=critical,keyCertSign,cRLSign
            done
            make() {
              openssl req $new -keyout $1.key -out $1.csr -subj "/O=Essai/CN=Autorité $1" -utf8
              printf "extendedKeyUsage=critical,$3\\nkeyUsage=critical,digitalSignature\\n" > ext
              openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days $2 \
                -extfile ext -out $1.pem
            }
            make tsa 3650 timeStamping; make old -1 timeStamping; make web 3650 serverAuth
            """)
    }

    /// The path of a file that holds the root.
    var rootsPath: String { folder.path("ca.pem") }

    /// The root.
    func roots(_ name: String = "ca.pem") throws -> TimestampRoots {
        try TimestampRoots(pem: Array(Data(contentsOf: URL(filePath: folder.path(name)))))
    }

    /// The answer to a request, in DER.
    func answer(_ request: [UInt8], by signer: Certificate = .tsa) throws -> [UInt8] {
        try Data(request).write(to: URL(filePath: folder.path("request")))
        try shell(
            "openssl ts -reply -config tsa.cnf -section \(signer) -queryfile request -out answer")
        return try file("answer")
    }

    /// The answer with its statement signed again, under a certificate that `openssl ts` refuses.
    func answer(_ request: [UInt8], signedAgainBy signer: Certificate) throws -> [UInt8] {
        _ = try answer(request)
        try shell(
            """
            openssl ts -reply -in answer -token_out -out token
            openssl cms -verify -noverify -inform DER -in token -out statement
            openssl cms -sign -econtent_type 1.2.840.113549.1.9.16.1.4 -binary -nodetach -cades \
              -in statement -signer \(signer).pem -inkey \(signer).key -outform DER -out token -md sha256
            """)
        let token = try file("token")
        let body = [0x30, 3, 2, 1, 0] + token
        return [0x30, 0x82, UInt8(body.count >> 8), UInt8(body.count & 255)] + body
    }

    private func file(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: folder.path(name))))
    }

    func shell(_ script: String) throws {
        let text = "set -e; cd '\(folder.url.path)'\n\(script)"
        let done = try Program.run(["-c", text], program: "/bin/sh")
        try #require(done.status == 0, "\(done.errors)")
    }
}
