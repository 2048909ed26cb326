// SPDX-License-Identifier: Apache-2.0

/// What earlier entries lead one to expect of the next: a guess, which saves work where it is right.
///
/// Entries of a log are much alike. What a guess says is compared with the bytes, and thrown away
/// where they differ, so that no result depends on what was scanned before.
public struct EntryForecast: Sendable {
    /// The field that came last after each, by raw value plus one; the first after nothing.
    private var followers: InlineArray<128, UInt8> = .init(repeating: 0)
    /// The day that was read last, and its start.
    var day = TimestampDay()

    /// Makes a forecast that knows nothing yet.
    public init() {}

    /// The raw value of the field that may come after one.
    @inline(__always)
    func follower(of field: Int) -> Int { Int(followers[field &+ 1]) }

    /// Remembers which field came after one.
    @inline(__always)
    mutating func note(_ follower: Int, after field: Int) {
        followers[field &+ 1] = UInt8(truncatingIfNeeded: follower)
    }
}
