// SPDX-License-Identifier: Apache-2.0

/// A queue in a ring that grows as needed; elements are numbered from the first ever added.
struct RingQueue<Element: Sendable>: Sendable {
    private var items: [Element] = []
    /// The sequence number of the first element.
    private(set) var start = 0
    /// The sequence number after the last element.
    private(set) var end = 0

    var count: Int { end - start }
    var isEmpty: Bool { start == end }
    var capacity: Int { items.count }
    var first: Element? { isEmpty ? nil : items[start & (items.count &- 1)] }
    var last: Element? { isEmpty ? nil : items[(end &- 1) & (items.count &- 1)] }

    /// The element of a sequence number between `start` and `end`.
    subscript(_ sequence: Int) -> Element {
        get { items[sequence & (items.count &- 1)] }
        set { items[sequence & (items.count &- 1)] = newValue }
    }

    mutating func append(_ element: Element) {
        if count == items.count { grow(with: element) }
        items[end & (items.count &- 1)] = element
        end &+= 1
    }

    mutating func removeFirst() {
        guard !isEmpty else { return }
        start &+= 1
    }

    mutating func removeAll() {
        start = end
    }

    private mutating func grow(with element: Element) {
        var larger = [Element](repeating: element, count: max(16, items.count * 2))
        for sequence in start..<end {
            larger[sequence & (larger.count - 1)] = self[sequence]
        }
        items = larger
    }
}
