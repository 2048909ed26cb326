// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// What is asked of a time-stamping authority (RFC 3161, section 2.4.1).
///
/// It asks the authority to sign that a digest existed now; nothing else is told to it.
public struct TimestampRequest: Hashable, Sendable {
    /// The media type of a request (RFC 3161, section 3.4).
    public static let mediaType = "application/timestamp-query"

    /// The digest to be stamped.
    public let imprint: SHA256Digest
    /// A number drawn for this request, by which its answer is told from an older one's; without
    /// leading zeros.
    public let nonce: [UInt8]
    /// The request in DER.
    public let bytes: [UInt8]

    /// Makes a request that asks for the authority's certificate too.
    ///
    /// - Throws: ``CryptographyError/noRandomness`` if no nonce can be drawn, and
    ///   ``CryptographyError/signingFailed`` if libcrypto has no memory.
    public init(imprint: SHA256Digest) throws(CryptographyError) {
        var nonce = try RandomBytes.make(count: 16)
        // Positive, and of the same length in each request.
        nonce[0] = nonce[0] & 0x3F | 0x40
        guard let bytes = Self.encode(imprint, nonce) else { throw .signingFailed }
        (self.imprint, self.nonce, self.bytes) = (imprint, nonce, bytes)
    }

    private static func encode(_ imprint: SHA256Digest, _ nonce: [UInt8]) -> [UInt8]? {
        guard let request = unsafe TS_REQ_new(), let stamped = unsafe TS_MSG_IMPRINT_new(),
            let algorithm = unsafe X509_ALGOR_new(), let number = unsafe ASN1_INTEGER_new()
        else { return nil }
        defer {
            unsafe TS_REQ_free(request)
            unsafe TS_MSG_IMPRINT_free(stamped)
            unsafe X509_ALGOR_free(algorithm)
            unsafe ASN1_INTEGER_free(number)
        }
        var digest = imprint.bytes
        guard
            unsafe X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1,
            unsafe TS_MSG_IMPRINT_set_algo(stamped, algorithm) == 1,
            unsafe TS_MSG_IMPRINT_set_msg(stamped, &digest, Int32(digest.count)) == 1,
            unsafe ASN1_STRING_set(number, nonce, Int32(nonce.count)) == 1,
            unsafe TS_REQ_set_version(request, 1) == 1,
            unsafe TS_REQ_set_msg_imprint(request, stamped) == 1,
            unsafe TS_REQ_set_nonce(request, number) == 1,
            unsafe TS_REQ_set_cert_req(request, 1) == 1
        else { return nil }
        var pointer: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_TS_REQ(request, &pointer)
        guard count > 0, let start = unsafe pointer else { return nil }
        defer { unsafe CRYPTO_free(start, #file, #line) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }
}
