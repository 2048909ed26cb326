// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// An authority's signed statement that a digest existed at a moment (RFC 3161): the answer to a
/// ``TimestampRequest``, parsed, and not yet believed.
///
/// It is read strictly: DER to the last byte, granted as asked, one signer, SHA-256 or better, and
/// nothing in the places that no signature covers but what those places must hold.
@safe
public final class TimestampToken: Sendable {
    /// The media type of an answer (RFC 3161, section 3.4).
    public static let mediaType = "application/timestamp-reply"
    /// The greatest number of bytes of an answer.
    public static let byteCountMax = 1 << 17

    /// The answer's bytes, as the authority gave them.
    public let bytes: [UInt8]
    /// The digest that was stamped.
    public let imprint: SHA256Digest
    /// When it was stamped, in milliseconds since 1970.
    public let time: Int64
    /// How far the authority's clock may be off, in milliseconds; nil if it does not say.
    public let accuracy: Int64?
    /// The number of the request that it answers; nil if it has none.
    public let nonce: [UInt8]?
    /// The authority's number for this token, in hexadecimal.
    public let serialNumber: String
    /// The policy under which it was issued, in dotted form.
    public let policy: String

    // SAFETY: made once, freed once; between the two libcrypto is asked to read only, and what it
    // caches in a certificate it guards by locks of its own.
    nonisolated(unsafe) let token: UnsafeMutablePointer<PKCS7>
    private nonisolated(unsafe) let response: OpaquePointer

    /// Parses the answer of an authority.
    ///
    /// - Throws: ``TimestampFailure/malformed`` if it is not one, ``TimestampFailure/notGranted`` if
    ///   the authority did not do exactly what was asked, ``TimestampFailure/weakAlgorithm`` if it
    ///   signed a digest that can be forged.
    public init(parsing bytes: [UInt8]) throws(TimestampFailure) {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard bytes.count <= Self.byteCountMax, let response = unsafe Self.decode(bytes) else {
            throw .malformed
        }
        do throws(TimestampFailure) {
            let token = try unsafe Self.granted(response)
            let stated = try unsafe TokenStatement(TS_RESP_get_tst_info(response))
            try unsafe TokenForm(token).check()
            (self.bytes, imprint, time, accuracy) = (
                bytes, stated.imprint, stated.time, stated.accuracy
            )
            (nonce, serialNumber, policy) = (stated.nonce, stated.serialNumber, stated.policy)
            unsafe (self.token, self.response) = (token, response)
        } catch {
            unsafe TS_RESP_free(response)
            throw error
        }
    }

    deinit { unsafe TS_RESP_free(response) }

    /// Decodes what encodes to the same bytes again.
    private static func decode(_ bytes: [UInt8]) -> OpaquePointer? {
        let response: OpaquePointer? = unsafe bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_TS_RESP(nil, &cursor, buffer.count)
        }
        guard let response = unsafe response else { return nil }
        var again: UnsafeMutablePointer<UInt8>?
        let count = unsafe Int(i2d_TS_RESP(response, &again))
        defer { unsafe CRYPTO_free(again, #file, #line) }
        guard count == bytes.count, let start = unsafe again,
            unsafe UnsafeBufferPointer(start: start, count: count).elementsEqual(bytes)
        else {
            unsafe TS_RESP_free(response)
            return nil
        }
        return unsafe response
    }

    /// The token of an answer whose status is "granted", with nothing added.
    private static func granted(
        _ response: OpaquePointer
    ) throws(TimestampFailure) -> UnsafeMutablePointer<PKCS7> {
        guard let status = unsafe TS_RESP_get_status_info(response),
            let number = unsafe TS_STATUS_INFO_get0_status(status)
        else { throw .malformed }
        guard unsafe ASN1_INTEGER_get(number) == 0,
            unsafe TS_STATUS_INFO_get0_failure_info(status) == nil
        else { throw .notGranted }
        guard let token = unsafe TS_RESP_get_token(response) else { throw .malformed }
        return unsafe token
    }
}

/// What a token states (`TSTInfo`).
private struct TokenStatement {
    var imprint: SHA256Digest
    var time: Int64
    var accuracy: Int64?
    var nonce: [UInt8]?
    var serialNumber: String
    var policy: String

    init(_ info: OpaquePointer?) throws(TimestampFailure) {
        guard let info = unsafe info, unsafe TS_TST_INFO_get_version(info) == 1,
            // An extension that must be understood is not.
            unsafe TS_TST_INFO_get_ext_by_critical(info, 1, -1) < 0,
            let stamped = unsafe TS_TST_INFO_get_msg_imprint(info),
            let algorithm = unsafe TS_MSG_IMPRINT_get_algo(stamped),
            let imprint = SHA256Digest(
                bytes: unsafe Self.bytes(TS_MSG_IMPRINT_get_msg(stamped))),
            let time = GeneralizedTime.milliseconds(
                unsafe Self.bytes(TS_TST_INFO_get_time(info)))
        else { throw .malformed }
        guard unsafe AlgorithmName(algorithm) == AlgorithmName(NID_sha256) else {
            throw .wrongImprint
        }
        (self.imprint, self.time) = (imprint, time)
        accuracy = try unsafe Self.accuracy(TS_TST_INFO_get_accuracy(info))
        nonce = unsafe TS_TST_INFO_get_nonce(info).map { unsafe Self.bytes($0) }
        serialNumber = unsafe Self.bytes(TS_TST_INFO_get_serial(info)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        var text = [CChar](repeating: 0, count: 256)
        let count = unsafe OBJ_obj2txt(
            &text, Int32(text.count), TS_TST_INFO_get_policy_id(info), 1)
        policy = String(
            decoding: text.prefix(max(0, min(Int(count), text.count - 1))).map {
                UInt8(bitPattern: $0)
            }, as: UTF8.self)
    }

    private static func bytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        guard let string = unsafe string, let start = unsafe ASN1_STRING_get0_data(string) else {
            return []
        }
        return unsafe Array(
            UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
    }

    /// Seconds, thousandths and millionths, rounded up to milliseconds.
    private static func accuracy(_ stated: OpaquePointer?) throws(TimestampFailure) -> Int64? {
        guard let stated = unsafe stated else { return nil }
        let parts = unsafe [
            TS_ACCURACY_get_seconds(stated), TS_ACCURACY_get_millis(stated),
            TS_ACCURACY_get_micros(stated),
        ].map { unsafe $0.map { unsafe Int64(ASN1_INTEGER_get($0)) } ?? 0 }
        guard (0...31_536_000).contains(parts[0]), (0..<1_000).contains(parts[1]),
            (0..<1_000).contains(parts[2])
        else { throw .malformed }
        return parts[0] * 1_000 + parts[1] + (parts[2] > 0 ? 1 : 0)
    }
}
