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

    /// Makes a forecast that expects an access of an adviser.
    public init() { self = Self.access }

    private init(followers: InlineArray<128, UInt8>) { self.followers = followers }

    /// What an entry that was scanned alone is compared with.
    private static let access: EntryForecast = {
        let text = """
            {"actor":{"account_kind":"a","auth":"a","establishment":"a","pid":"a","region":"a",\
            "role":"a","unit":"a"},"categories":["a"],"decision":{"effect":"a"},"id":"a",\
            "licence_id":"a","occurred_at":"2026-03-02T08:15:00.000Z","offer_ref":"a","outcome":"a",\
            "purpose":"a","session":"a","source":"a","source_seq":1,"subject":{"pid":"a"},"type":"a",\
            "v":1}
            """
        var forecast = EntryForecast(followers: .init(repeating: 0))
        var entry = ScannedEntry()
        // What it cannot scan it does not expect.
        try? unsafe EntryScanner(mode: .submission).scan(
            Array(text.utf8).span.bytes, into: &entry, &forecast)
        return forecast
    }()

    /// The raw value of the field that may come after one.
    @inline(__always)
    func follower(of field: Int) -> Int { Int(followers[field &+ 1]) }

    /// Remembers which field came after one.
    @inline(__always)
    mutating func note(_ follower: Int, after field: Int) {
        followers[field &+ 1] = UInt8(truncatingIfNeeded: follower)
    }
}
