// SPDX-License-Identifier: Apache-2.0

/// Who asks and who approves what one person alone may not decide.
enum TwoPersons {
    /// Both must be pseudonyms of employees, `A` and up to twelve hexadecimal digits, and not the same.
    ///
    /// The entry that names them stays for ever: it may not hold a name, nor a text that no entry can.
    ///
    /// - Throws: ``StorageError/Code/notPseudonym`` or ``StorageError/Code/decidedAlone``.
    static func require(
        _ requester: String, _ approver: String, _ path: String
    ) throws(StorageError) {
        guard isPseudonym(requester), isPseudonym(approver) else {
            throw StorageError(.notPseudonym, path)
        }
        guard !requester.utf8.elementsEqual(approver.utf8) else {
            throw StorageError(.decidedAlone, path)
        }
    }

    private static func isPseudonym(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: "A") && (1...12).contains(digits.count)
            && digits.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}
