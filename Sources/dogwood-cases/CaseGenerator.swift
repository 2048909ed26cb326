// SPDX-License-Identifier: Apache-2.0

/// Draws temporal policies and logs over few values, so that they often concern each other.
struct CaseGenerator {
    private var state: UInt64
    private var variableCount = 0

    init(seed: UInt64) {
        state = seed
    }

    private mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = (state ^ (state &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word &>> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word &>> 31)) % UInt64(bound))
    }

    private mutating func one<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

    // MARK: Policies

    private static let actions = ["Login", "Read", "Pay"]
    private static let textFields = ["user", "server"]

    mutating func policies() -> String {
        var texts: [String] = []
        for _ in 0..<(1 + below(3)) {
            let effect = texts.isEmpty || below(2) == 0 ? "permit" : "forbid"
            let scope = below(3) == 0 ? "action" : "action == D::Action::\"\(one(Self.actions))\""
            var text = "\(effect)(principal, \(scope), resource)"
            for _ in 0..<(1 + below(4) / 3) { text += "\n" + clause() }
            texts.append(text + ";")
        }
        return texts.joined(separator: "\n") + "\n"
    }

    private mutating func clause() -> String {
        let word = below(4) == 0 ? "unless" : "when"
        switch below(8) {
        case 0: return "\(word) { context.input.n > \(below(4)) }"
        case 1: return "\(word) { context.input.n > \(below(3)) || temporal { \(chain([], 2)) } }"
        default: return "\(word) temporal { \(chain([], 3)) }"
        }
    }

    /// Conjuncts over variables that are restricted already.
    private mutating func chain(_ known: [(String, Bool)], _ depth: Int) -> String {
        var parts = [conjunct(known, depth)]
        while below(3) == 0, parts.count < 3 { parts.append(conjunct(known, depth)) }
        return parts.joined(separator: " && ")
    }

    private mutating func conjunct(_ known: [(String, Bool)], _ depth: Int) -> String {
        guard depth > 0 else { return event(known) }
        switch below(11) {
        case 0, 1: return "formerly within \(window()) \(event(known))"
        case 2: return "formerly within \(window()) (\(chain(known, depth - 1)))"
        case 3: return "previous within \(window()) \(event(known))"
        case 4: return "previous within \(window()) (\(chain(known, depth - 1)))"
        case 5: return "(\(event(known)) since within \(window()) \(event(known)))"
        case 6: return "(!\(event(known)) since within \(window()) \(event(known)))"
        case 7: return "!(\(chain(known, depth - 1)))"
        case 8: return "(\(exists(known, depth)))"
        case 9: return count(known, depth)
        default: return sum(known, depth)
        }
    }

    private mutating func exists(_ known: [(String, Bool)], _ depth: Int) -> String {
        variableCount += 1
        let name = "v\(variableCount)"
        let isNumber = below(2) == 0
        let restrictor =
            "formerly within \(window()) \(event(known, binding: (name, isNumber)))"
        var text = "exists (\(name): \(isNumber ? "Long" : "String")). (\(restrictor)"
        let inside = known + [(name, isNumber)]
        if below(25) == 0 {
            return "exists (\(name): Long). (\(unacceptable(name, isNumber))" + ")"
        }
        if isNumber, below(2) == 0 { text += " && \(name) \(comparison()) \(below(4))" }
        if below(2) == 0 { text += " && " + conjunct(inside, depth - 1) }
        if below(4) == 0 { text += " && !\(event(inside))" }
        return text + ")"
    }

    /// A body that one rule or another of the specification refuses, or nearly.
    private mutating func unacceptable(_ name: String, _ isNumber: Bool) -> String {
        let bound = "formerly within \(window()) \(event([], binding: (name, true)))"
        switch below(8) {
        case 0: return "\(name) > 1 && \(bound)"
        case 1: return "!(\(bound))"
        case 2: return "!(!(\(bound)))"
        case 3: return "\(bound) && input > 1"
        case 4: return "\(event([], binding: (name, true))) since within 1h \(event([]))"
        case 5: return "(count for (t: Timepoint). where !(tp(t))) == \(name) && \(name) > 0"
        case 6: return "\(name) == 1 && \(bound)"
        default: return "\(bound) && formerly within 1h (context.input.n == 1)"
        }
    }

    private mutating func count(_ known: [(String, Bool)], _ depth: Int) -> String {
        variableCount += 1
        let name = "v\(variableCount)"
        let (body, domain): (String, String)
        if below(2) == 0 {
            body = "formerly within \(window()) (\(event(known)) && tp(\(name)))"
            domain = "(\(name): Timepoint)"
        } else {
            body = "formerly within \(window()) \(event(known, binding: (name, false)))"
            domain = "(\(name): String)"
        }
        return compared("count for \(domain). where (\(body))")
    }

    private mutating func sum(_ known: [(String, Bool)], _ depth: Int) -> String {
        variableCount += 1
        let (name, point) = ("v\(variableCount)", "t\(variableCount)")
        let event = event(known, binding: (name, true))
        if below(2) == 0 {
            return compared(
                "sum \(name) for (\(name): Long), (\(point): Timepoint). where "
                    + "(formerly within \(window()) (\(event) && tp(\(point))))")
        }
        return compared(
            "sum \(name) for (\(name): Long). where (formerly within \(window()) \(event))")
    }

    private mutating func compared(_ aggregate: String) -> String {
        if below(3) == 0 {
            variableCount += 1
            let name = "n\(variableCount)"
            return "(exists (\(name): Long). ((\(aggregate)) == \(name) && \(name) "
                + "\(comparison()) \(below(5))))"
        }
        return below(2) == 0
            ? "(\(aggregate)) \(comparison()) \(below(5))"
            : "(\(below(5)) \(comparison()) \(aggregate))"
    }

    private mutating func comparison() -> String { one(["<", "<=", ">", ">=", "==", "!="]) }

    private mutating func window() -> String {
        one(["1s", "2s", "3s", "5s", "8s", "1m", "1h"])
    }

    private mutating func event(
        _ known: [(String, Bool)], binding: (name: String, isNumber: Bool)? = nil
    ) -> String {
        let isResponse = below(4) == 0
        var fields: [String] = []
        if let binding {
            fields.append(
                (binding.isNumber ? "input.n" : "input.\(one(Self.textFields))")
                    + ": \(binding.name)")
        }
        for _ in 0..<below(3) { fields.append(field(known, isResponse)) }
        return "D::Action::\"\(one(Self.actions))\"::\(isResponse ? "response" : "request"){ "
            + fields.joined(separator: ", ") + " }"
    }

    private mutating func field(_ known: [(String, Bool)], _ isResponse: Bool) -> String {
        switch below(8) {
        case 0: return "callerPrincipal: principal"
        case 1: return "callerPrincipal: D::U::\"\(one(["a", "b"]))\""
        case 2: return "input.n: " + one(["context.input.n", "\(below(3))", "*", number(known)])
        case 3 where isResponse: return "output.ok: \(one(["true", "false"]))"
        default:
            let name = one(Self.textFields)
            return "input.\(name): "
                + one([
                    "context.input.\(name)", "context.input.user", "\"\(one(["a", "b"]))\"", "_",
                    text(known),
                ])
        }
    }

    private mutating func text(_ known: [(String, Bool)]) -> String {
        let names = known.filter { !$0.1 }.map(\.0)
        return names.isEmpty ? "\"a\"" : one(names)
    }

    private mutating func number(_ known: [(String, Bool)]) -> String {
        let names = known.filter(\.1).map(\.0)
        return names.isEmpty ? "1" : one(names)
    }

    // MARK: Logs

    mutating func trace() -> String {
        var lines: [String] = []
        var time = 0
        for number in 0..<(2 + below(9)) {
            time += one([0, 0, 1, 1, 2, 3, 5, 60])
            let input =
                "input: { user: \"\(one(["a", "b"]))\", server: \"\(one(["a", "b"]))\", "
                + "n: \(below(4)) }"
            let isResponse = below(4) == 0
            let output = isResponse ? ", output: { ok: \(one(["true", "false"])) }" : ""
            let principal = "D::U::\"\(one(["a", "b"]))\""
            lines.append(
                "@\(time) scope(principal: \(principal), resource: D::Gateway::\"g\") "
                    + "request_context(\(input)) D::Action::\"\(one(Self.actions))\"::"
                    + "\(isResponse ? "response" : "request")(\(input)\(output), "
                    + "callerPrincipal: \(principal), callerResource: D::Gateway::\"g\", "
                    + "requestId: \"r\(number)\")")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
