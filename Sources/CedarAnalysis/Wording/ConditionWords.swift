// SPDX-License-Identifier: Apache-2.0

public import Cedar
import Diagnostics

/// Says in French and English what must be so for a policy to apply, or not to apply.
public struct ConditionWords: Sendable {
    /// What people call attributes, by their path in Cedar's syntax: `context.purpose`.
    public let glossary: [String: GlossaryTerm]

    /// Makes the writer.
    public init(glossary: [String: GlossaryTerm] = [:]) {
        self.glossary = glossary
    }

    /// What must be so for a policy to apply, or not to.
    public func phrase(_ policy: Policy, applies: Bool) -> ConditionPhrase {
        phrase(policy.conditionExpression, is: applies).simplified()
    }

    /// What must be so for an expression to have a truth value.
    package func phrase(_ expression: Expression, is wanted: Bool) -> ConditionPhrase {
        switch expression.kind {
        case .literal(.bool(let value)): return value == wanted ? .always : .never
        case .not(let operand): return phrase(operand, is: !wanted)
        case .and(let parts):
            let phrases = parts.map { phrase($0, is: wanted) }
            return wanted ? .all(phrases) : .any(phrases)
        case .or(let parts):
            let phrases = parts.map { phrase($0, is: wanted) }
            return wanted ? .any(phrases) : .all(phrases)
        case .conditional(let test, let yes, let no):
            return .any([
                .all([phrase(test, is: true), phrase(yes, is: wanted)]),
                .all([phrase(test, is: false), phrase(no, is: wanted)]),
            ])
        default:
            let code = WrittenExpression.text(expression)
            return .atom(atom(expression, wanted), cedar: wanted ? code : "!(\(code))")
        }
    }

    private func atom(_ expression: Expression, _ holds: Bool) -> LocalizedText {
        switch expression.kind {
        case .binary(let operation, let left, let right):
            return relation(operation, left, right, holds)
        case .has(let base, let names):
            let path = names.joined(separator: ".")
            return say(
                holds, "\(name(base).french) a l’attribut `\(path)`",
                "\(name(base).french) n’a pas l’attribut `\(path)`",
                "\(name(base).english) has the attribute `\(path)`",
                "\(name(base).english) has no attribute `\(path)`")
        case .like(let operand, let pattern):
            return say(
                holds, "\(name(operand).french) est de la forme \(pattern.quoted)",
                "\(name(operand).french) n’est pas de la forme \(pattern.quoted)",
                "\(name(operand).english) is like \(pattern.quoted)",
                "\(name(operand).english) is not like \(pattern.quoted)")
        case .isEmpty(let operand):
            return say(
                holds, "\(name(operand).french) est vide", "\(name(operand).french) n’est pas vide",
                "\(name(operand).english) is empty", "\(name(operand).english) is not empty")
        case .isType(let operand, let type, let ancestor):
            let place = ancestor.map { name($0) }
            let within = place.map { (" dans \($0.french)", " in \($0.english)") } ?? ("", "")
            return say(
                holds, "\(name(operand).french) est de type `\(type)`\(within.0)",
                "\(name(operand).french) n’est pas de type `\(type)`\(within.0)",
                "\(name(operand).english) is of type `\(type)`\(within.1)",
                "\(name(operand).english) is not of type `\(type)`\(within.1)")
        default: return truth(expression, holds)
        }
    }

    private func truth(_ expression: Expression, _ holds: Bool) -> LocalizedText {
        let code = WrittenExpression.text(expression)
        if let term = glossary[code], let text = holds ? term.whenTrue : term.whenFalse {
            return text
        }
        return say(
            holds, "`\(code)` est vrai", "`\(code)` est faux", "`\(code)` is true",
            "`\(code)` is false")
    }

    private func say(
        _ holds: Bool, _ frenchYes: String, _ frenchNo: String, _ englishYes: String,
        _ englishNo: String
    ) -> LocalizedText {
        LocalizedText(fr: holds ? frenchYes : frenchNo, en: holds ? englishYes : englishNo)
    }
}

extension ConditionWords {
    private func relation(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ holds: Bool
    ) -> LocalizedText {
        switch operation {
        case .contains, .containsAll, .containsAny:
            return containment(operation, left, right, holds)
        case .in:
            if elements(right) != nil { return membership(left, right, holds) }
            return joined(
                left, right, holds, ("est dans", "n’est pas dans"), ("is in", "is not in"))
        case .hasTag:
            return joined(
                left, right, holds, ("porte l’étiquette", "ne porte pas l’étiquette"),
                ("has the tag", "does not have the tag"))
        case .equal:
            return joined(left, right, holds, ("est", "n’est pas"), ("is", "is not"))
        case .notEqual:
            return joined(left, right, !holds, ("est", "n’est pas"), ("is", "is not"))
        case .less, .greaterEqual:
            return joined(
                left, right, (operation == .less) == holds,
                ("est inférieur à", "est supérieur ou égal à"), ("is below", "is at least"))
        case .lessEqual, .greater:
            return joined(
                left, right, (operation == .lessEqual) == holds,
                ("est inférieur ou égal à", "est supérieur à"), ("is at most", "is above"))
        default: return truth(Expression(.binary(operation, left, right)), holds)
        }
    }

    private func joined(
        _ left: Expression, _ right: Expression, _ holds: Bool,
        _ french: (String, String), _ english: (String, String)
    ) -> LocalizedText {
        let (a, b) = (name(left), name(right))
        return say(
            holds, "\(a.french) \(french.0) \(b.french)", "\(a.french) \(french.1) \(b.french)",
            "\(a.english) \(english.0) \(b.english)", "\(a.english) \(english.1) \(b.english)")
    }

    /// One of a known list, or a list with known elements.
    private func containment(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ holds: Bool
    ) -> LocalizedText {
        switch (operation, elements(left), elements(right)) {
        case (.contains, _?, _): return membership(right, left, holds)
        case (.containsAll, _?, nil):
            return joined(
                right, left, holds,
                ("ne contient rien hors de", "contient autre chose que"),
                ("contains nothing besides", "contains something besides"))
        case (.containsAny, _?, nil):
            return containment(operation, right, left, holds)
        case (.containsAll, _, _):
            return joined(
                left, right, holds, ("contient tous ceux de", "ne contient pas tous ceux de"),
                ("contains all of", "does not contain all of"))
        case (.containsAny, _, _):
            return joined(
                left, right, holds, ("contient l’un de", "ne contient aucun de"),
                ("contains one of", "contains none of"))
        default:
            return joined(
                left, right, holds, ("contient", "ne contient pas"),
                ("contains", "does not contain"))
        }
    }

    private func membership(
        _ element: Expression, _ list: Expression, _ holds: Bool
    ) -> LocalizedText {
        if let elements = elements(list), elements.count == 1 {
            return joined(
                element, elements[0], holds, ("est", "n’est pas"), ("is", "is not"))
        }
        return joined(
            element, list, holds, ("est parmi", "n’est pas parmi"),
            ("is one of", "is none of"))
    }

    private func elements(_ expression: Expression) -> [Expression]? {
        switch expression.kind {
        case .set(let elements): elements
        case .literal(.set(let set)): set.elements.map(\.expression)
        default: nil
        }
    }

    /// What an expression is called: by the glossary, as a known value, or in Cedar's syntax.
    func name(_ expression: Expression) -> LocalizedText {
        if let elements = elements(expression) {
            let names = elements.map(name)
            return LocalizedText(
                fr: names.map(\.french).joined(separator: ", "),
                en: names.map(\.english).joined(separator: ", "))
        }
        let code = WrittenExpression.text(expression)
        switch expression.kind {
        case .literal(.string(let text)):
            return LocalizedText(fr: "«\u{A0}\(text)\u{A0}»", en: "“\(text)”")
        case .literal(.bool(let value)):
            return LocalizedText(fr: value ? "vrai" : "faux", en: value ? "true" : "false")
        case .literal(.int), .literal(.entity): return LocalizedText(fr: code, en: code)
        case .variable(.principal):
            return LocalizedText(fr: "qui demande", en: "who asks")
        case .variable(.resource):
            return LocalizedText(fr: "ce qui est demandé", en: "what is asked for")
        case .variable(.action): return LocalizedText(fr: "l’action", en: "the action")
        default: return glossary[code]?.subject ?? LocalizedText(fr: "`\(code)`", en: "`\(code)`")
        }
    }
}
