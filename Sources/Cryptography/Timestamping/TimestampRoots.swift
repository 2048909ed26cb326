// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The certificates that a reader trusts to lead to time-stamping authorities.
///
/// Each is trusted as it is, whether it signed itself or not: a reader may name a root, or the
/// certificate of one authority.
@safe
public final class TimestampRoots: Sendable {
    /// The greatest number of certificates.
    public static let countMax = 1_000

    // SAFETY: filled once; libcrypto's certificates count their users under locks of their own.
    private nonisolated(unsafe) let certificates: [OpaquePointer]

    /// The number of certificates.
    public var count: Int { unsafe certificates.count }

    /// Reads certificates in PEM, one after another.
    ///
    /// - Throws: ``TimestampFailure/malformedRoots`` if there is none, or one cannot be read.
    public init(pem: [UInt8]) throws(TimestampFailure) {
        let (found, isWhole) = unsafe pem.withUnsafeBytes { unsafe Self.read($0) }
        unsafe certificates = found
        guard unsafe !found.isEmpty, isWhole else { throw .malformedRoots }
    }

    /// Reads blocks up to where no further one begins.
    ///
    /// - Returns: The certificates, and whether nothing broken follows them.
    private static func read(_ pem: UnsafeRawBufferPointer) -> ([OpaquePointer], Bool) {
        // libcrypto goes on reading where the bytes are, so they are lent for all of it.
        guard
            let source = unsafe BIO_new_mem_buf(pem.baseAddress, Int32(clamping: pem.count))
        else { return unsafe ([], false) }
        defer { unsafe BIO_free(source) }
        ERR_clear_error()
        defer { ERR_clear_error() }
        var found: [OpaquePointer] = unsafe []
        while unsafe found.count < countMax,
            let certificate = unsafe PEM_read_bio_X509(source, nil, nil, nil)
        {
            unsafe found.append(certificate)
        }
        return unsafe (found, ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE)
    }

    deinit {
        unsafe certificates.forEach { unsafe X509_free($0) }
    }

    /// A store that trusts these certificates, at a moment in seconds since 1970; the caller frees it.
    func store(at seconds: Int64) -> OpaquePointer? {
        guard let store = unsafe X509_STORE_new() else { return nil }
        unsafe certificates.forEach { _ = unsafe X509_STORE_add_cert(store, $0) }
        let settings = unsafe X509_STORE_get0_param(store)
        unsafe X509_VERIFY_PARAM_set_time(settings, Int(seconds))
        unsafe X509_VERIFY_PARAM_set_flags(settings, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        // 112 bits: RSA from 2,048 bits on, and no SHA-1.
        unsafe X509_VERIFY_PARAM_set_auth_level(settings, 2)
        return unsafe store
    }
}
