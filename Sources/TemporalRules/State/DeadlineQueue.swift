// SPDX-License-Identifier: Apache-2.0

/// Deadlines, the nearest first.
///
/// Most rules add deadlines in their order, and those wait in a plain queue; the others go to a
/// heap. An entry that is no longer wanted stays until its time comes or until half are such.
struct DeadlineQueue: Sendable {
    struct Entry: BitwiseCopyable, Sendable {
        var deadline: Int64
        var obligation: Int32
        var generation: UInt32
    }

    private var ordered = RingQueue<Entry>()
    private var heap: [Entry] = []

    var count: Int { ordered.count + heap.count }
    var byteCount: Int { (ordered.capacity + heap.capacity) * 16 }

    /// The nearest deadline.
    var nearest: Entry? {
        guard let first = ordered.first else { return heap.first }
        guard let top = heap.first, top.deadline < first.deadline else { return first }
        return top
    }

    mutating func append(_ entry: Entry) {
        if let last = ordered.last, last.deadline > entry.deadline {
            heap.append(entry)
            siftUp(heap.count - 1)
        } else {
            ordered.append(entry)
        }
    }

    mutating func removeNearest() {
        if let first = ordered.first, heap.isEmpty || heap[0].deadline >= first.deadline {
            ordered.removeFirst()
        } else if let last = heap.popLast(), !heap.isEmpty {
            heap[0] = last
            siftDown()
        }
    }

    /// Drops the entries that are no longer wanted.
    mutating func compact(_ isWanted: (Entry) -> Bool) {
        var kept = RingQueue<Entry>()
        for sequence in ordered.start..<ordered.end where isWanted(ordered[sequence]) {
            kept.append(ordered[sequence])
        }
        ordered = kept
        let wanted = heap.filter(isWanted)
        heap.removeAll(keepingCapacity: true)
        for entry in wanted {
            heap.append(entry)
            siftUp(heap.count - 1)
        }
    }

    private mutating func siftUp(_ start: Int) {
        var place = start
        let entry = heap[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard heap[parent].deadline > entry.deadline else { break }
            heap[place] = heap[parent]
            place = parent
        }
        heap[place] = entry
    }

    private mutating func siftDown() {
        var place = 0
        let entry = heap[0]
        while true {
            var child = place * 2 + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].deadline < heap[child].deadline {
                child += 1
            }
            guard heap[child].deadline < entry.deadline else { break }
            heap[place] = heap[child]
            place = child
        }
        heap[place] = entry
    }
}
