// SPDX-License-Identifier: Apache-2.0

public import Cryptography

/// Noise that depends on a secret and on what it is added to, so that asking again does not average
/// it out.
///
/// It is drawn from the two-sided geometric distribution, whole numbers in whose favour a factor of
/// `exp(-epsilon / bound)` a step speaks, exactly: by comparisons of whole random numbers and without
/// floating point (Canonne, Kamath and Steinke, 2020, algorithm 2), whose rounding would betray the
/// count (Mironov, 2012).
public struct KeyedNoise: Sendable {
    private let key: SecretBytes
    /// The scale, as a fraction: what one adviser may add, over epsilon.
    private let numerator: UInt64
    private let denominator: UInt64

    /// Prepares noise.
    ///
    /// - Parameters:
    ///   - key: The secret.
    ///   - bound: What one adviser may add to all cells of one time together; 1 at least.
    ///   - epsilonMilli: Epsilon, in thousandths; 1 at least.
    public init(key: SecretBytes, bound: Int, epsilonMilli: Int) {
        self.key = key
        numerator = UInt64(clamping: max(1, bound)) &* 1_000
        denominator = UInt64(clamping: max(1, epsilonMilli))
    }

    /// The noise of a cell: the same whenever it is asked for.
    public func noise(of cell: BaseKey, at place: Place) -> Int64 {
        let name =
            "\(cell.measure.rawValue)/\(cell.topic)/\(place.region)/\(place.establishment)/\(cell.time)"
        var bits = KeyedBits(key: key, name: Array(name.utf8))
        while true {
            let low = bits.number(below: numerator)
            guard isDrawn(low, &bits) else { continue }
            var high: UInt64 = 0
            while isDrawn(numerator, &bits) { high += 1 }
            let size = Int64(clamping: (low + numerator * high) / denominator)
            let isNegative = bits.number(below: 2) == 1
            if isNegative, size == 0 { continue }
            return isNegative ? -size : size
        }
    }

    /// True with probability `exp(-part / numerator)`.
    private func isDrawn(_ part: UInt64, _ bits: inout KeyedBits) -> Bool {
        var count: UInt64 = 1
        while bits.number(below: numerator * count) < part { count += 1 }
        return count % 2 == 1
    }
}

/// Random numbers that follow from a key and a name: HMAC-SHA-256 of the name and a counter.
private struct KeyedBits {
    private let key: SecretBytes
    private let name: [UInt8]
    private var counter: UInt32 = 0
    private var words: [UInt64] = []

    init(key: SecretBytes, name: [UInt8]) { (self.key, self.name) = (key, name) }

    /// A number below another, each as likely.
    mutating func number(below bound: UInt64) -> UInt64 {
        let rest = (UInt64.max % bound + 1) % bound
        while true {
            let drawn = word()
            if rest == 0 || drawn <= UInt64.max - rest { return drawn % bound }
        }
    }

    private mutating func word() -> UInt64 {
        if words.isEmpty {
            let digits = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: counter >> $0) }
            let code = HMACSHA256.code(of: digits + name, key: key)
            words = stride(from: 0, to: 32, by: 8).map { start in
                code[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            counter += 1
        }
        return words.removeLast()
    }
}
