// SPDX-License-Identifier: Apache-2.0

/// A table that is made once and then only read, without counting a reference at each use.
///
/// Whoever makes one gives its memory back with ``deallocate()``, once.
// SAFETY: the memory is written in the initialiser alone, so that threads may share it.
@safe struct FixedTable<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    private let start: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        unsafe start = .allocate(capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() {
            unsafe (start + index).initialize(to: element)
        }
    }

    subscript(index: Int) -> Element {
        @inline(__always)
        get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "beyond the table")
            return unsafe start[index]
        }
    }

    func deallocate() {
        unsafe start.deallocate()
    }
}
