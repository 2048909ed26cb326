// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Cryptography

/// A session with a token, its user logged in; closed when it is dropped.
struct TokenSession: ~Copyable {
    let module: TokenModule
    let handle: UInt

    private static let alreadyLoggedIn: UInt = 0x100
    private static let edwardsCurve: [UInt8] = [0x13, 0x0C] + Array("edwards25519".utf8)

    /// Opens a session.
    static func open(
        _ reference: TokenReference, pin: [UInt8], isWriting: Bool = false
    ) throws(TokenError) -> TokenSession {
        let module = try TokenModule.load(reference.modulePath)
        let slot = try module.slot(reference.token)
        var handle: UInt = 0
        try TokenModule.check(unsafe vigie_ck_open(module.list, slot, isWriting ? 6 : 4, &handle))
        let session = TokenSession(module, handle)
        let status = unsafe vigie_ck_login(module.list, handle, pin, UInt(pin.count))
        guard status == 0 || status == alreadyLoggedIn else { throw .refused(status) }
        return session
    }

    private init(_ module: TokenModule, _ handle: UInt) {
        (self.module, self.handle) = (module, handle)
    }

    deinit { _ = unsafe vigie_ck_close(module.list, handle) }

    /// The kinds of object that a key consists of.
    enum Half: UInt {
        case publicKey = 2
        case privateKey = 3
        case secretKey = 4

        /// The kind of key: Edwards, or AES.
        var keyType: UInt { self == .secretKey ? 0x1F : 0x40 }
    }

    /// The object with a label; nil if there is none.
    func find(_ half: Half, _ label: String) throws(TokenError) -> UInt? {
        var template = AttributeList()
        template.add(0x000, half.rawValue)
        template.add(0x100, half.keyType)
        template.add(0x003, Array(label.utf8))
        let found: (status: UInt, objects: [UInt]) = unsafe template.withAttributes { attributes in
            let status = unsafe vigie_ck_find_start(
                module.list, handle, attributes.baseAddress, UInt(attributes.count))
            guard status == 0 else { return (status, []) }
            var (objects, count) = ([UInt](repeating: 0, count: 2), UInt(0))
            let outcome = unsafe vigie_ck_find(module.list, handle, &objects, 2, &count)
            _ = unsafe vigie_ck_find_end(module.list, handle)
            return (outcome, Array(objects.prefix(Int(count))))
        }
        try TokenModule.check(found.status)
        guard found.objects.count < 2 else { throw .noKey }
        return found.objects.first
    }

    /// The public key with a label.
    func publicKey(_ label: String) throws(TokenError) -> VerificationKey {
        guard let object = try find(.publicKey, label) else { throw .noKey }
        var point = [UInt8](repeating: 0, count: 64)
        var count: UInt = 0
        let status = unsafe point.withUnsafeMutableBytes { buffer in
            var wanted = unsafe vigie_ck_attribute(
                type: 0x181, value: buffer.baseAddress, count: UInt(buffer.count))
            let status = unsafe vigie_ck_attributes(module.list, handle, object, &wanted, 1)
            count = unsafe wanted.count
            return status
        }
        try TokenModule.check(status)
        // The point is an OCTET STRING in DER, or the bytes alone.
        var bytes = Array(point.prefix(Int(min(count, 64))))
        if bytes.count == 34, bytes[0] == 4, bytes[1] == 32 { bytes.removeFirst(2) }
        guard let key = VerificationKey(bytes: bytes) else { throw .noKey }
        return key
    }

    /// Signs with Ed25519.
    func sign(_ message: [UInt8], _ label: String) throws(TokenError) -> [UInt8] {
        guard let object = try find(.privateKey, label) else { throw .noKey }
        var mechanism = unsafe vigie_ck_mechanism(mechanism: 0x1057, parameter: nil, count: 0)
        try TokenModule.check(
            unsafe vigie_ck_sign_start(module.list, handle, &mechanism, object))
        var signature = [UInt8](repeating: 0, count: VerificationKey.signatureByteCount)
        var count = UInt(signature.count)
        try TokenModule.check(
            unsafe vigie_ck_sign(
                module.list, handle, message, UInt(message.count), &signature, &count))
        guard count == signature.count else { throw .noKey }
        return signature
    }

    /// Makes a key that never leaves the token.
    func generate(_ label: String) throws(TokenError) {
        guard try find(.privateKey, label) == nil else { throw .noKey }
        var (open, secret) = (AttributeList(), AttributeList())
        open.add(0x180, Self.edwardsCurve)
        open.add(0x10A, true)
        secret.add(0x108, true)
        secret.add(0x002, true)
        secret.add(0x103, true)
        secret.add(0x162, false)
        for attribute in [0x001] as [UInt] {
            open.add(attribute, true)
            secret.add(attribute, true)
        }
        open.add(0x003, Array(label.utf8))
        secret.add(0x003, Array(label.utf8))
        var mechanism = unsafe vigie_ck_mechanism(mechanism: 0x1055, parameter: nil, count: 0)
        var objects: [UInt] = [0, 0]
        let status = unsafe open.withAttributes { open in
            unsafe secret.withAttributes { secret in
                unsafe vigie_ck_generate(
                    module.list, handle, &mechanism, open.baseAddress, UInt(open.count),
                    secret.baseAddress, UInt(secret.count), &objects)
            }
        }
        try TokenModule.check(status)
    }

    /// Destroys both halves of a key; those that are not there are gone already.
    func destroy(_ label: String) throws(TokenError) {
        for half in [Half.privateKey, .publicKey] {
            guard let object = try find(half, label) else { continue }
            try TokenModule.check(unsafe vigie_ck_destroy(module.list, handle, object))
        }
    }
}
