// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Cryptography

/// AES-256-GCM with a key that stays in the token (PKCS #11 version 2.40, section 2.12).
extension TokenSession {
    static let ivCount = 12
    static let tagCount = 16
    private static let gcm: UInt = 0x1087

    /// Makes an AES-256 key that never leaves the token.
    func generateSecret(_ label: String) throws(TokenError) {
        guard try find(.secretKey, label) == nil else { throw .noKey }
        var template = AttributeList()
        template.add(0x001, true)  // kept in the token
        template.add(0x002, true)  // for who gives the PIN
        template.add(0x103, true)  // sensitive
        template.add(0x162, false)  // not extractable
        template.add(0x104, true)  // encrypts
        template.add(0x105, true)  // decrypts
        template.add(0x161, 32 as UInt)
        template.add(0x003, Array(label.utf8))
        var mechanism = unsafe vigie_ck_mechanism(mechanism: 0x1080, parameter: nil, count: 0)
        var object: UInt = 0
        let status = unsafe template.withAttributes { attributes in
            unsafe vigie_ck_generate_secret(
                module.list, handle, &mechanism, attributes.baseAddress, UInt(attributes.count),
                &object)
        }
        try TokenModule.check(status)
    }

    /// Destroys a key; one that is not there is gone already.
    func destroySecret(_ label: String) throws(TokenError) {
        guard let object = try find(.secretKey, label) else { return }
        try TokenModule.check(unsafe vigie_ck_destroy(module.list, handle, object))
    }

    /// Seals bytes: the initialisation vector, then ciphertext and tag.
    func seal(
        _ bytes: [UInt8], iv: [UInt8], context: [UInt8], _ label: String
    ) throws(TokenError) -> [UInt8] {
        let object = try secret(label)
        let result: (UInt, [UInt8]) = unsafe Self.withMechanism(iv, context) { mechanism in
            let status = unsafe vigie_ck_seal_start(module.list, handle, mechanism, object)
            guard status == 0 else { return (status, []) }
            var sealed = [UInt8](repeating: 0, count: bytes.count + Self.tagCount)
            var count = UInt(sealed.count)
            let outcome = unsafe vigie_ck_seal(
                module.list, handle, bytes, UInt(bytes.count), &sealed, &count)
            return (outcome, Array(sealed.prefix(Int(count))))
        }
        try TokenModule.check(result.0)
        guard result.1.count == bytes.count + Self.tagCount else { throw .noKey }
        return iv + result.1
    }

    /// Opens what was sealed; nil if it was not, with that key and context.
    func unseal(
        _ box: [UInt8], context: [UInt8], _ label: String
    ) throws(TokenError) -> [UInt8]? {
        guard box.count >= Self.ivCount + Self.tagCount else { return nil }
        let object = try secret(label)
        let (iv, sealed) = (Array(box.prefix(Self.ivCount)), Array(box.dropFirst(Self.ivCount)))
        let result: (UInt, [UInt8]) = unsafe Self.withMechanism(iv, context) { mechanism in
            let status = unsafe vigie_ck_unseal_start(module.list, handle, mechanism, object)
            guard status == 0 else { return (status, []) }
            // Some libraries ask for room for the tag too.
            var bytes = [UInt8](repeating: 0, count: sealed.count)
            var count = UInt(bytes.count)
            let outcome = unsafe vigie_ck_unseal(
                module.list, handle, sealed, UInt(sealed.count), &bytes, &count)
            return (outcome, Array(bytes.prefix(Int(count))))
        }
        // Libraries differ in how they call a tag that does not fit.
        let refusals: Set<UInt> = [0x40, 0x41, 0x05, 0x06, 0xC0]
        if refusals.contains(result.0) { return nil }
        try TokenModule.check(result.0)
        guard result.1.count == sealed.count - Self.tagCount else { return nil }
        return result.1
    }

    private func secret(_ label: String) throws(TokenError) -> UInt {
        guard let object = try find(.secretKey, label) else { throw .noKey }
        return object
    }

    private static func withMechanism<Value>(
        _ iv: [UInt8], _ context: [UInt8],
        _ body: (UnsafeMutablePointer<vigie_ck_mechanism>) -> Value
    ) -> Value {
        var (iv, context) = (iv, context)
        return unsafe iv.withUnsafeMutableBufferPointer { iv in
            unsafe context.withUnsafeMutableBufferPointer { context in
                var parameter = unsafe vigie_ck_gcm(
                    iv: iv.baseAddress, iv_count: UInt(iv.count), iv_bits: UInt(iv.count) * 8,
                    context: context.baseAddress, context_count: UInt(context.count),
                    tag_bits: UInt(tagCount) * 8)
                return unsafe withUnsafeMutablePointer(to: &parameter) { parameter in
                    var mechanism = unsafe vigie_ck_mechanism(
                        mechanism: gcm, parameter: parameter,
                        count: UInt(MemoryLayout<vigie_ck_gcm>.size))
                    return unsafe body(&mechanism)
                }
            }
        }
    }
}
