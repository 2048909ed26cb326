// SPDX-License-Identifier: Apache-2.0

public import Cedar
public import Diagnostics

/// Cedar policies whose conditions may look at the history of events.
///
///     permit (principal, action == Action::"write", resource)
///     when temporal {
///         formerly within 1h Action::"read"::request{ input.user: context.input.user }
///     };
///
/// Each `temporal { … }` block becomes an attribute of the context, which is computed from the
/// history before Cedar decides. The rest of the text is Cedar, at the same places.
public struct TemporalPolicySet: Sendable {
    /// Which events a request sees.
    public enum HistoryScope: String, CaseIterable, Sendable {
        /// Those whose `callerPrincipal` is the request's principal: what Dogwood's schemas call a
        /// universal pin. `previous` is the same principal's previous event.
        case principal
        /// Those of everybody.
        case everybody
    }

    /// A block, by the attribute that stands for it.
    public struct Block: Sendable {
        /// The attribute of the context.
        public let attribute: String
        /// What the block says.
        public let condition: TemporalCondition
        /// The block as it is written.
        public let text: String

        /// How many seconds back the block looks.
        public var reach: Int64 { condition.reach }
    }

    /// The policies, with an attribute in place of each block.
    public let policySet: PolicySet
    /// The blocks, in the order of the texts.
    public let blocks: [Block]
    /// Which events a request sees.
    public let scope: HistoryScope

    /// The actions that blocks look for.
    public var actions: Set<EntityUID> {
        Set(blocks.flatMap(\.condition.predicates).map(\.action))
    }

    /// The names of attributes that stand for blocks begin so; no request may bring one.
    public static let attributePrefix = "__temporal_"

    /// Reads policies.
    ///
    /// - Parameters:
    ///   - files: The texts.
    ///   - naming: How policies are named.
    ///   - scope: Which events a request sees.
    ///   - windowMax: How many seconds back a window may look; Dogwood's default is a day.
    /// - Throws: ``TemporalPolicyErrors`` with every fault of every text.
    public init(
        parsing files: [(file: String, text: String)], naming: PolicySet.Naming = .annotation,
        scope: HistoryScope = .principal, windowMax: Int64 = 86_400
    ) throws(TemporalPolicyErrors) {
        var splitter = BlockSplitter(windowMax: windowMax)
        let plain = files.map { (file: $0.file, text: splitter.split($0.text, file: $0.file)) }
        var diagnostics = splitter.errors.map(\.diagnostic)
        var policySet = PolicySet.empty
        do throws(CedarErrors) {
            policySet = try PolicySet(parsing: plain, naming: naming)
        } catch {
            diagnostics += error.errors.map(\.diagnostic)
        }
        guard diagnostics.isEmpty else { throw TemporalPolicyErrors(diagnostics: diagnostics) }
        self.policySet = policySet
        self.scope = scope
        blocks = splitter.blocks
    }
}

/// All that is wrong with the texts of temporal policies.
public struct TemporalPolicyErrors: Error, Sendable {
    /// The faults: those of blocks, then those of Cedar.
    public let diagnostics: [Diagnostic]
}

/// Takes the `temporal { … }` blocks out of policies.
///
/// No Cedar text has the word `temporal` before a brace outside a string or a comment.
struct BlockSplitter {
    private struct FoundBlock {
        var bytes: ArraySlice<UInt8>
        var body: ArraySlice<UInt8>
        var position: (line: Int, column: Int)
        var isClause: Bool
    }

    let windowMax: Int64
    private(set) var blocks: [TemporalPolicySet.Block] = []
    private(set) var errors: [TemporalPolicyError] = []

    init(windowMax: Int64) {
        self.windowMax = windowMax
    }

    /// The text with an attribute in place of each block; all else keeps its line and column.
    mutating func split(_ text: String, file: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var scanner = BraceScanner(bytes)
        while let place = scanner.next() {
            guard scanner.isTemporalBlock(at: place) else { continue }
            guard let (open, end) = scanner.block(from: place) else {
                let (line, column) = scanner.position(place)
                fail(
                    TemporalPolicyError(
                        .unclosedBlock, line: line, column: column, subject: "temporal"), file)
                break
            }
            result += bytes[scanner.copied..<place]
            let block = FoundBlock(
                bytes: bytes[place..<end], body: bytes[(open + 1)..<(end - 1)],
                position: scanner.position(open + 1), isClause: scanner.followsClauseWord(place))
            result += replacement(block, file)
            scanner.skip(to: end)
        }
        result += bytes[scanner.copied...]
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func fail(_ error: TemporalPolicyError, _ file: String) {
        var error = error
        error.file = file
        errors.append(error)
    }

    /// `{context.__temporal_N}` or, inside an expression, `(context.__temporal_N)`.
    private mutating func replacement(_ block: FoundBlock, _ file: String) -> [UInt8] {
        let name = TemporalPolicySet.attributePrefix + String(blocks.count)
        let (line, column) = block.position
        do throws(TemporalPolicyError) {
            var parser = try ConditionParser(block.body, line: line, column: column)
            let condition = try parser.condition()
            if let fault = ConditionCheck.fault(of: condition, windowMax: windowMax) {
                throw TemporalPolicyError(
                    fault.code, line: line, column: column, subject: fault.subject)
            }
            blocks.append(
                TemporalPolicySet.Block(
                    attribute: name, condition: condition,
                    text: String(decoding: block.bytes, as: UTF8.self)))
        } catch {
            fail(error, file)
        }
        // The lines of the block come after its attribute, and its last line keeps its length.
        let lines = block.bytes.split(separator: 10, omittingEmptySubsequences: false)
        let open = Array((block.isClause ? "{context.\(name)" : "(context.\(name)").utf8)
        let close = block.isClause ? UInt8(ascii: "}") : UInt8(ascii: ")")
        let lastLength = (lines.last?.count ?? 1) - (lines.count == 1 ? open.count : 0)
        return open + Array(repeating: 10, count: lines.count - 1)
            + Array(repeating: 32, count: max(0, lastLength - 1)) + [close]
    }
}
