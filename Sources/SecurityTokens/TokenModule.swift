// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Glibc
import Synchronization

/// The library of a token's maker, loaded and initialised once in a process.
@safe
struct TokenModule: Sendable {
    // SAFETY: the library stays loaded, and is told to lock for itself.
    nonisolated(unsafe) let list: UnsafePointer<vigie_ck_list>

    private static let loaded = Mutex<[String: TokenModule]>([:])
    private static let alreadyInitialized: UInt = 0x191
    private static let useSystemLocks: UInt = 2

    /// Loads the library at a path, or finds it loaded.
    static func load(_ path: String) throws(TokenError) -> TokenModule {
        let result: Result<TokenModule, TokenError> = loaded.withLock { loaded in
            if let module = loaded[path] { return .success(module) }
            do throws(TokenError) {
                let module = try TokenModule(path)
                loaded[path] = module
                return .success(module)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init(_ path: String) throws(TokenError) {
        guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL),
            let exported = unsafe dlsym(handle, "C_GetFunctionList")
        else { throw .noModule }
        var list: UnsafeMutablePointer<vigie_ck_list>?
        guard unsafe vigie_ck_functions(exported, &list) == 0, let list = unsafe list,
            unsafe list.pointee.major == 2 || list.pointee.major == 3
        else { throw .noModule }
        unsafe self.list = UnsafePointer(list)
        var arguments = unsafe vigie_ck_arguments()
        unsafe arguments.flags = Self.useSystemLocks
        let status = unsafe vigie_ck_initialize(list, &arguments)
        guard status == 0 || status == Self.alreadyInitialized else { throw .refused(status) }
    }

    /// The slot whose token has a label.
    func slot(_ label: String) throws(TokenError) -> UInt {
        var count: UInt = 0
        try Self.check(unsafe vigie_ck_slots(list, nil, &count))
        var slots = [UInt](repeating: 0, count: Int(count))
        guard count > 0 else { throw .noToken }
        try Self.check(unsafe vigie_ck_slots(list, &slots, &count))
        // Labels are padded with spaces to 32 bytes.
        let wanted =
            Array(label.utf8) + Array(repeating: 0x20, count: max(0, 32 - label.utf8.count))
        for slot in slots.prefix(Int(count)) {
            var info = vigie_ck_token_info()
            guard unsafe vigie_ck_token(list, slot, &info) == 0 else { continue }
            let found = unsafe withUnsafeBytes(of: info.label) { unsafe Array($0) }
            if found == wanted { return slot }
        }
        throw .noToken
    }

    /// Turns a return value into an error.
    static func check(_ status: UInt) throws(TokenError) {
        guard status == 0 else { throw .refused(status) }
    }
}
