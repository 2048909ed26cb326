// SPDX-License-Identifier: Apache-2.0

extension TokenLayout {
    /// Lays out an expression that begins here: on one line, or broken at its outermost operators.
    mutating func expression(until end: Int) {
        if fits(index..<end, before: columnsAfter(end)) { return take(until: end) }
        if isKeyword("if") { return conditional(until: end) }
        let operators = operators(until: end)
        guard let first = operators.first else { return sequence(until: end) }
        expression(until: first)
        page.indent(by: isNested(end) ? 1 : 0)
        for (position, next) in zip(operators, operators.dropFirst() + [end]) {
            assert(position == index)
            takeFirst()
            breakLine()
            expression(until: next)
        }
        page.indent(by: isNested(end) ? -1 : 0)
    }

    /// Whether the chain that ends there is an operand of another one.
    private func isNested(_ end: Int) -> Bool { columnsAfter(end) == 3 }

    /// The columns of what must stand on the line of the token before.
    private func columnsAfter(_ end: Int) -> Int {
        switch tokens[end].kind {
        case .symbol(.comma), .symbol(.semicolon): 1
        case .symbol(.and), .symbol(.or): 3
        default: 0
        }
    }

    private func isKeyword(_ word: String) -> Bool {
        tokens[index].kind == .identifier && self.word(index) == word
    }

    /// The `||` of a chain, or else its `&&`, outside all brackets.
    private func operators(until end: Int) -> [Int] {
        var ands: [Int] = []
        var ors: [Int] = []
        var position = index
        while position < end {
            if tokens[position].kind == .symbol(.and) { ands.append(position) }
            if tokens[position].kind == .symbol(.or) { ors.append(position) }
            position = closing(position) + 1
        }
        return ors.isEmpty ? ands : ors
    }

    /// `if`, `then` and `else`, each on a line of its own.
    private mutating func conditional(until end: Int) {
        var depth = 0
        var marks: [Int] = []
        var position = index + 1
        while position < end, marks.count < 2 {
            if tokens[position].kind == .identifier {
                switch word(position) {
                case "if": depth += 1
                case "else" where depth > 0: depth -= 1
                case "then" where depth == 0, "else": marks.append(position)
                default: break
                }
            }
            position = closing(position) + 1
        }
        guard marks.count == 2 else { return sequence(until: end) }
        take()
        for part in marks + [end] {
            page.indent(by: 1)
            // `else if` goes on at the margin of the first `if`.
            let isChained = part == end && isKeyword("if")
            if isChained { page.indent(by: -1) }
            expression(until: part)
            if !isChained { page.indent(by: -1) }
            if part < end {
                breakLine()
                take()
            }
        }
    }

    /// Lays out tokens in a row, each bracket on one line or broken.
    mutating func sequence(until end: Int) {
        while index < end {
            if closing(index) > index { group(in: end) } else { take() }
        }
    }

    /// Lays out what brackets hold.
    private mutating func group(in end: Int) {
        let close = closing(index)
        var rest = close + 1
        while rest < end, closing(rest) == rest { rest += 1 }
        let hold = rest < end ? rest + 1 : end
        let more = (columns(close..<hold) ?? 1) - 1 + (hold == end ? columnsAfter(end) : 0)
        if fits(index..<close + 1, before: more) || close == index + 1 {
            return take(until: close + 1)
        }
        if isHugged(close) {
            take()
            group(in: close)
            return take()
        }
        let isList = isAt(.leftBracket)
        take()
        breakLine()
        page.indent(by: 1)
        items(until: close, isList: isList)
        flushComments()
        page.indent(by: -1)
        page.newLine()
        take()
    }

    /// Whether the brackets hold nothing but brackets that their author broke inside.
    private func isHugged(_ close: Int) -> Bool {
        closing(index + 1) == close - 1 && !startsLine(index + 1) && startsLine(index + 2)
            && !startsLine(close)
    }

    /// Lays out items with commas between: one a line, but short items of a list in rows.
    private mutating func items(until close: Int, isList: Bool) {
        var commas: [Int] = []
        var position = index
        while position < close {
            if tokens[position].kind == .symbol(.comma) { commas.append(position) }
            position = closing(position) + 1
        }
        let ends = commas + (commas.last == close - 1 ? [] : [close])
        let isInRows = isList && ends.allSatisfy { isAtom(until: $0) }
        for (number, end) in ends.enumerated() {
            if number > 0, !isInRows || startsLine(index) || !fits(index..<end, before: 1) {
                breakLine()
            }
            if tokens[index + 1].kind == .symbol(.colon), end > index + 2 { take(until: index + 2) }
            expression(until: end)
            if index < close { takeFirst() }
        }
        breakLine()
    }

    /// Whether an item is a literal or a name.
    private func isAtom(until end: Int) -> Bool {
        var position = end - 1
        while position >= index, tokens[position].kind != .symbol(.comma) {
            switch tokens[position].kind {
            case .string, .integer, .identifier, .symbol(.doubleColon), .symbol(.minus): break
            default: return false
            }
            position -= 1
        }
        return true
    }
}
