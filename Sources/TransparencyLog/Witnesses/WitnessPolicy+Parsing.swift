// SPDX-License-Identifier: Apache-2.0

extension WitnessPolicy {
    /// Parses a policy file.
    ///
    /// - Throws: ``WitnessPolicyError``, with the line, if the file is not a policy.
    public init(parsing bytes: [UInt8]) throws(WitnessPolicyError) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count <= Self.lineCountMax else {
            throw WitnessPolicyError(.tooLong, line: Self.lineCountMax)
        }
        var parser = PolicyParser()
        for (number, line) in lines.enumerated() {
            let isAllowed = line.allSatisfy { $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }
            guard isAllowed, number < lines.count - 1 || line.isEmpty else {
                throw WitnessPolicyError(.malformedText, line: number + 1)
            }
            try parser.read(line, number: number + 1)
        }
        guard parser.hasQuorum else {
            throw WitnessPolicyError(.quorumCount, line: max(1, lines.count - 1))
        }
        self = parser.policy
    }
}

/// Reads a policy line by line.
private struct PolicyParser {
    var policy = WitnessPolicy()
    var hasQuorum = false
    private var names: [[UInt8]: WitnessPolicy.Member] = [:]
    private var grouped: Set<WitnessPolicy.Member> = []
    private static let none = Array("none".utf8)

    mutating func read(
        _ line: ArraySlice<UInt8>, number: Int
    ) throws(WitnessPolicyError) {
        let words = line.split { $0 == 0x20 || $0 == 0x09 }.map(Array.init)
        guard let keyword = words.first, keyword.first != UInt8(ascii: "#") else { return }
        do throws(Failure) {
            switch String(decoding: keyword, as: UTF8.self) {
            case "log": try readLog(words)
            case "witness": try readWitness(words)
            case "group": try readGroup(words)
            case "quorum": try readQuorum(words)
            default: throw Failure(.unknownKeyword)
            }
        } catch {
            throw WitnessPolicyError(error.code, line: number)
        }
    }

    private struct Failure: Error {
        let code: WitnessPolicyError.Code
        init(_ code: WitnessPolicyError.Code) { self.code = code }
    }

    private mutating func readLog(_ words: [[UInt8]]) throws(Failure) {
        guard (2...3).contains(words.count) else { throw Failure(.wrongItemCount) }
        let text = String(decoding: words[1], as: UTF8.self)
        guard let key = try? LogVerificationKey(parsing: text) else { throw Failure(.badKey) }
        guard !policy.logs.contains(where: { $0.key.key == key.key }) else {
            throw Failure(.duplicateKey)
        }
        policy.logs.append(.init(key: key, url: Self.url(words, at: 2)))
    }

    private mutating func readWitness(_ words: [[UInt8]]) throws(Failure) {
        guard (3...4).contains(words.count) else { throw Failure(.wrongItemCount) }
        let text = String(decoding: words[2], as: UTF8.self)
        guard let key = try? WitnessVerificationKey(parsing: text) else {
            throw Failure(.badKey)
        }
        guard !policy.witnesses.contains(where: { $0.key.key == key.key }) else {
            throw Failure(.duplicateKey)
        }
        try define(words[1], .witness(policy.witnesses.count))
        policy.witnesses.append(
            .init(name: words[1], key: key, url: Self.url(words, at: 3)))
    }

    private mutating func readGroup(_ words: [[UInt8]]) throws(Failure) {
        guard words.count >= 4 else { throw Failure(.wrongItemCount) }
        var members: [WitnessPolicy.Member] = []
        for name in words[3...] {
            guard let member = names[name] else { throw Failure(.undefinedName) }
            guard grouped.insert(member).inserted else { throw Failure(.repeatedMember) }
            members.append(member)
        }
        let threshold = try Self.threshold(words[2], of: members.count)
        try define(words[1], .group(policy.groups.count))
        policy.groups.append(.init(threshold: threshold, members: members))
    }

    private static func threshold(_ word: [UInt8], of count: Int) throws(Failure) -> Int {
        let text = String(decoding: word, as: UTF8.self)
        switch text {
        case "any": return 1
        case "all": return count
        default:
            guard word.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
                (1...count).contains(number)
            else { throw Failure(.badThreshold) }
            return number
        }
    }

    private mutating func readQuorum(_ words: [[UInt8]]) throws(Failure) {
        guard words.count == 2 else { throw Failure(.wrongItemCount) }
        guard !hasQuorum else { throw Failure(.quorumCount) }
        hasQuorum = true
        guard words[1] != Self.none else { return }
        guard let member = names[words[1]] else { throw Failure(.undefinedName) }
        policy.quorum = member
    }

    private mutating func define(
        _ name: [UInt8], _ member: WitnessPolicy.Member
    ) throws(Failure) {
        guard name != Self.none, names[name] == nil else { throw Failure(.duplicateName) }
        names[name] = member
    }

    private static func url(_ words: [[UInt8]], at place: Int) -> String? {
        words.indices.contains(place) ? String(decoding: words[place], as: UTF8.self) : nil
    }
}
