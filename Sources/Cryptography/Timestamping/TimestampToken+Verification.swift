// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The authority that signed a token, as its certificate says.
public struct TimestampAuthority: Hashable, Sendable {
    /// The subject of its certificate (RFC 2253 form).
    public var name: String
    /// When the first certificate of its chain ends, in milliseconds since 1970: what was stamped
    /// must be stamped again before.
    public var endsAt: Int64
}

extension TimestampToken {
    /// Verifies that an authority under one of the roots stamped a digest.
    ///
    /// The chain is judged as it was when the token was made (RFC 3161, section 4): a certificate
    /// that ended since does not take back what it signed. Whether the token was renewed before
    /// then is for the caller to ask. Revocation is not looked up.
    ///
    /// - Returns: Who stamped it.
    /// - Throws: ``TimestampFailure``.
    public func verify(
        imprint: SHA256Digest, roots: TimestampRoots
    ) throws(TimestampFailure) -> TimestampAuthority {
        guard imprint == self.imprint else { throw .wrongImprint }
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let store = unsafe roots.store(at: time / 1_000) else { throw .untrusted }
        defer { unsafe X509_STORE_free(store) }
        guard let message = unsafe vigie_signed_data(token),
            let signers = unsafe PKCS7_get0_signers(token, nil, 0)
        else { throw .invalidSignature }
        defer { unsafe vigie_certificates_free(signers) }
        guard unsafe vigie_certificate_count(signers) == 1,
            let signer = unsafe vigie_certificate(signers, 0),
            unsafe TokenForm(token).names(signer)
        else { throw .invalidSignature }
        let endsAt = try unsafe chainEnd(signer, message.pointee.cert, store)
        var found: OpaquePointer?
        // Signature, and the signed digest of the signer's certificate (RFC 5035).
        guard unsafe TS_RESP_verify_signature(token, nil, store, &found) == 1 else {
            unsafe X509_free(found)
            throw .invalidSignature
        }
        unsafe X509_free(found)
        return TimestampAuthority(name: unsafe Self.subject(signer), endsAt: endsAt)
    }

    /// Verifies the answer to a request.
    ///
    /// - Throws: ``TimestampFailure``, with ``TimestampFailure/wrongNonce`` if it answers another one.
    public func verify(
        answering request: TimestampRequest, roots: TimestampRoots
    ) throws(TimestampFailure) -> TimestampAuthority {
        guard nonce == request.nonce else { throw .wrongNonce }
        return try verify(imprint: request.imprint, roots: roots)
    }

    /// Builds the chain of certificates, and says when the first of them ends.
    private func chainEnd(
        _ signer: OpaquePointer, _ others: OpaquePointer?, _ store: OpaquePointer
    ) throws(TimestampFailure) -> Int64 {
        guard let context = unsafe X509_STORE_CTX_new() else { throw .untrusted }
        defer { unsafe X509_STORE_CTX_free(context) }
        guard unsafe X509_STORE_CTX_init(context, store, signer, others) == 1,
            unsafe X509_STORE_CTX_set_purpose(context, X509_PURPOSE_TIMESTAMP_SIGN) == 1
        else { throw .untrusted }
        guard unsafe X509_verify_cert(context) == 1 else {
            throw Self.failure(unsafe X509_STORE_CTX_get_error(context))
        }
        let chain = unsafe X509_STORE_CTX_get0_chain(context)
        var earliest: Int64?
        for place in 0..<(unsafe vigie_certificate_count(chain)) {
            let certificate = unsafe vigie_certificate(chain, place)
            let end = unsafe Self.milliseconds(X509_get0_notAfter(certificate))
            earliest = min(earliest ?? .max, end ?? .min)
        }
        guard let earliest, earliest > .min else { throw .untrusted }
        return earliest
    }

    private static func failure(_ code: Int32) -> TimestampFailure {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: .outOfValidity
        case X509_V_ERR_INVALID_PURPOSE, X509_V_ERR_INVALID_CA: .wrongPurpose
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL,
            X509_V_ERR_CA_MD_TOO_WEAK:
            .weakAlgorithm
        default: .untrusted
        }
    }

    private static func milliseconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let time = unsafe time, let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
        defer { unsafe ASN1_STRING_free(epoch) }
        var (days, seconds) = (Int32(0), Int32(0))
        guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return (Int64(days) * 86_400 + Int64(seconds)) * 1_000
    }

    private static func subject(_ certificate: OpaquePointer) -> String {
        guard let sink = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(sink) }
        unsafe X509_NAME_print_ex(
            sink, X509_get_subject_name(certificate), 0, vigie_name_form())
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe BIO_read(sink, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
    }
}
