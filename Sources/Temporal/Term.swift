// SPDX-License-Identifier: Apache-2.0

/// An expression over variables and constants.
public indirect enum Term: Hashable, Sendable {
    /// The functions of one argument.
    public enum Function: String, CaseIterable, Hashable, Sendable {
        /// Float to integer, towards zero.
        case floatToInt = "f2i"
        /// Integer to float.
        case intToFloat = "i2f"
        /// Integer to text.
        case intToString = "i2s"
        /// Text to integer; 0 if it is none.
        case stringToInt = "s2i"
        /// Float to text.
        case floatToString = "f2s"
        /// Text to float; 0 if it is none.
        case stringToFloat = "s2f"
        /// Pattern to text.
        case regexpToString = "r2s"
        /// Text to pattern.
        case stringToRegexp = "s2r"
        /// The civil year of seconds since 1970, in UTC.
        case year = "YEAR"
        /// The month of the year, from 1.
        case month = "MONTH"
        /// The day of the month, from 1.
        case dayOfMonth = "DAY_OF_MONTH"
        /// The day as `2026-11-24`.
        case formatDate = "FORMAT_DATE"

        /// What the function takes and gives.
        var signature: (argument: ValueType, result: ValueType) {
            switch self {
            case .floatToInt, .year, .month, .dayOfMonth: (.float, .int)
            case .intToFloat: (.int, .float)
            case .intToString: (.int, .string)
            case .stringToInt: (.string, .int)
            case .floatToString, .formatDate: (.float, .string)
            case .stringToFloat: (.string, .float)
            case .regexpToString: (.regexp, .string)
            case .stringToRegexp: (.string, .regexp)
            }
        }
    }

    /// The operators between two numbers.
    public enum Operator: String, CaseIterable, Hashable, Sendable {
        /// Addition.
        case plus = "+"
        /// Subtraction.
        case minus = "-"
        /// Multiplication.
        case times = "*"
        /// Division; between integers, towards zero.
        case divided = "/"
        /// Remainder of integers, with the sign of the first.
        case modulo = "mod"
    }

    /// A variable.
    case variable(String)
    /// A constant.
    case constant(Value)
    /// A function applied to a term.
    case apply(Function, Term)
    /// The opposite of a number.
    case negative(Term)
    /// Two terms and an operator.
    case binary(Operator, Term, Term)
}

extension Term {
    /// The variables, in the order of their first occurrence.
    public var variables: [String] {
        switch self {
        case .variable(let name): [name]
        case .constant: []
        case .apply(_, let term), .negative(let term): term.variables
        case .binary(_, let left, let right): left.variables.union(right.variables)
        }
    }

    /// The variable, if the term is one.
    var variableName: String? {
        if case .variable(let name) = self { name } else { nil }
    }

    /// The constant, if the term is one.
    var constantValue: Value? {
        if case .constant(let value) = self { value } else { nil }
    }

    /// The term with its variables replaced.
    func substituting(_ map: [String: Term]) -> Term {
        switch self {
        case .variable(let name): map[name] ?? self
        case .constant: self
        case .apply(let function, let term): .apply(function, term.substituting(map))
        case .negative(let term): .negative(term.substituting(map))
        case .binary(let sign, let left, let right):
            .binary(sign, left.substituting(map), right.substituting(map))
        }
    }
}

extension Term: CustomStringConvertible {
    /// The term with the parentheses that MonPoly writes.
    public var description: String { text(isOutermost: true) }

    private func text(isOutermost: Bool) -> String {
        let inner: String
        switch self {
        case .variable(let name): return name
        case .constant(let value): return value.description
        case .apply(let function, let term):
            inner = function.rawValue + "(" + term.text(isOutermost: true) + ")"
        case .negative(let term): inner = "-" + term.text(isOutermost: false)
        case .binary(let sign, let left, let right):
            inner =
                left.text(isOutermost: false) + " " + sign.rawValue + " "
                + right.text(isOutermost: false)
        }
        return isOutermost ? inner : "(" + inner + ")"
    }
}

extension [String] {
    /// This list, then what the other adds to it.
    func union(_ other: [String]) -> [String] {
        self + other.filter { !contains($0) }
    }

    /// Whether every name is in the other list.
    func isSubset(of other: [String]) -> Bool {
        allSatisfy { other.contains($0) }
    }

    /// This list without the names of the other.
    func subtracting(_ other: [String]) -> [String] {
        filter { !other.contains($0) }
    }

    /// This list without repetitions.
    var unique: [String] {
        [].union([]) + reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
