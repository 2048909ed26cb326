// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The form of a signed message that holds a time stamp (RFC 5652, sections 3 and 5; RFC 3161,
/// section 2.4.2), as far as no signature covers it.
@unsafe
struct TokenForm {
    private let token: UnsafeMutablePointer<PKCS7>

    init(_ token: UnsafeMutablePointer<PKCS7>) { unsafe self.token = token }

    /// Checks versions, algorithms and the number of signers.
    ///
    /// - Throws: ``TimestampFailure/malformed``, ``TimestampFailure/weakAlgorithm``.
    func check() throws(TimestampFailure) {
        guard let message = unsafe vigie_signed_data(token),
            unsafe ASN1_INTEGER_get(message.pointee.version) == 3,
            unsafe vigie_signer_count(message.pointee.signer_info) == 1,
            unsafe vigie_algorithm_count(message.pointee.md_algs) == 1,
            let signer = unsafe vigie_signer(message.pointee.signer_info, 0),
            let announced = unsafe vigie_algorithm(message.pointee.md_algs, 0),
            let digest = unsafe signer.pointee.digest_alg,
            unsafe ASN1_INTEGER_get(signer.pointee.version) == 1,
            unsafe vigie_attribute_count(signer.pointee.auth_attr) > 0,
            let digestName = unsafe AlgorithmName(digest),
            unsafe digestName == AlgorithmName(announced)
        else { throw .malformed }
        // What RFC 5652, section 11.1, asks for and libcrypto does not look at.
        guard
            let type = unsafe PKCS7_get_signed_attribute(signer, NID_pkcs9_contentType),
            unsafe type.pointee.type == V_ASN1_OBJECT,
            unsafe OBJ_obj2nid(type.pointee.value.object) == NID_id_smime_ct_TSTInfo
        else { throw .malformed }
        guard [NID_sha256, NID_sha384, NID_sha512].contains(digestName.number) else {
            throw .weakAlgorithm
        }
    }

    /// Whether the token names the signer's issuer byte by byte, and an algorithm of its key and its
    /// digest.
    ///
    /// libcrypto takes names that differ in case for the same, and goes by the key alone.
    func names(_ certificate: OpaquePointer) -> Bool {
        guard let message = unsafe vigie_signed_data(token),
            let signer = unsafe vigie_signer(message.pointee.signer_info, 0),
            let issuer = unsafe signer.pointee.issuer_and_serial?.pointee.issuer,
            let named = unsafe Self.encoding(issuer),
            unsafe named == Self.encoding(X509_get_issuer_name(certificate)),
            unsafe namesAlgorithm(signer, certificate)
        else { return false }
        return true
    }

    private static func encoding(_ name: OpaquePointer?) -> [UInt8]? {
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard let name = unsafe name, unsafe X509_NAME_get0_der(name, &start, &count) == 1 else {
            return nil
        }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    private func namesAlgorithm(
        _ signer: UnsafeMutablePointer<PKCS7_SIGNER_INFO>, _ certificate: OpaquePointer
    ) -> Bool {
        guard
            let digest = unsafe signer.pointee.digest_alg.flatMap({ unsafe AlgorithmName($0) }),
            let named = unsafe signer.pointee.digest_enc_alg,
            let key = unsafe X509_get0_pubkey(certificate)
        else { return false }
        let number = unsafe OBJ_obj2nid(named.pointee.algorithm)
        let keyType = unsafe EVP_PKEY_get_base_id(key)
        // RSASSA-PSS has parameters of its own, which libcrypto reads and uses.
        if number == NID_rsassaPss { return keyType == NID_rsaEncryption || keyType == number }
        guard unsafe AlgorithmName(named) != nil else { return false }
        var (digestType, type) = (Int32(0), Int32(0))
        guard unsafe OBJ_find_sigid_algs(number, &digestType, &type) == 1 else {
            return number == keyType
        }
        return type == keyType && (digestType == digest.number || digestType == NID_undef)
    }
}

/// An algorithm that takes no parameters: they are absent, or NULL.
struct AlgorithmName: Equatable {
    /// libcrypto's number of the algorithm.
    let number: Int32

    /// An algorithm by its number, to be compared with.
    init(_ number: Int32) { self.number = number }

    /// Reads an algorithm; nil if it has parameters.
    init?(_ algorithm: UnsafePointer<X509_ALGOR>) {
        var object: OpaquePointer?
        var kind: Int32 = 0
        unsafe X509_ALGOR_get0(&object, &kind, nil, algorithm)
        guard kind == V_ASN1_UNDEF || kind == V_ASN1_NULL else { return nil }
        number = unsafe OBJ_obj2nid(object)
    }
}
