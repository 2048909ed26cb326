// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Why a formula is outside the monitorable fragment.
struct Unmonitorable: Hashable {
    /// The rules of the fragment.
    enum Rule: Hashable {
        case atom
        case equality
        case comparison
        case negatedEquality
        case negation
        case conjunction
        case subset
        case disjunction
    }

    /// The part that breaks a rule.
    var formula: Formula
    /// The rule.
    var rule: Rule
}

extension Formula {
    /// The first part that the monitor cannot evaluate; none if it can evaluate all.
    ///
    /// The formula must be free of sugar.
    var unmonitorablePart: Unmonitorable? {
        func refused(_ rule: Unmonitorable.Rule) -> Unmonitorable {
            Unmonitorable(formula: self, rule: rule)
        }
        switch self {
        case .compare(.equal, let left, let right):
            let isSimple =
                (left.constantValue != nil && (right.constantValue ?? nil) != nil)
                || (left.constantValue != nil && right.variableName != nil)
                || (left.variableName != nil && right.constantValue != nil)
            return isSimple ? nil : refused(.equality)
        case .compare, .matches: return refused(.comparison)
        case .not(.compare(.equal, let left, let right)):
            if let name = left.variableName, name == right.variableName { return nil }
            if left.constantValue != nil, right.constantValue != nil { return nil }
            return refused(.negatedEquality)
        case .atom(let atom):
            let isSimple = atom.arguments.allSatisfy {
                $0.variableName != nil || $0.constantValue != nil
            }
            return isSimple ? nil : refused(.atom)
        case .not(let inner):
            return inner.freeVariables.isEmpty ? inner.unmonitorablePart : refused(.negation)
        case .connect(.and, let left, let right):
            return left.unmonitorablePart ?? unmonitorableConjunct(left, right)
        case .connect(_, let left, let right):
            let (first, second) = (left.freeVariables, right.freeVariables)
            guard first.isSubset(of: second), second.isSubset(of: first) else {
                return refused(.disjunction)
            }
            return left.unmonitorablePart ?? right.unmonitorablePart
        case .chain(_, _, let left, let right):
            if let part = right.unmonitorablePart { return part }
            guard left.freeVariables.isSubset(of: right.freeVariables) else {
                return refused(.subset)
            }
            return (left.negated ?? left).unmonitorablePart
        case .binding, .quantify, .aggregate, .modal:
            return children.lazy.compactMap(\.unmonitorablePart).first
        }
    }

    private func unmonitorableConjunct(_ left: Formula, _ right: Formula) -> Unmonitorable? {
        let free = left.freeVariables
        if right.isCondition {
            return right.isCondition(over: free)
                ? nil : Unmonitorable(formula: self, rule: .conjunction)
        }
        guard let inner = right.negated else { return right.unmonitorablePart }
        guard inner.freeVariables.isSubset(of: free) else {
            return Unmonitorable(formula: self, rule: .subset)
        }
        return inner.unmonitorablePart
    }

    /// Whether the formula is a comparison or the negation of one.
    var isCondition: Bool {
        switch negated ?? self {
        case .compare, .matches: true
        default: false
        }
    }

    /// Whether the condition can be decided, or computed, from tuples over some variables.
    func isCondition(over names: [String]) -> Bool {
        switch self {
        case .compare(.equal, let left, let right):
            if left.variableName != nil, right.variables.isSubset(of: names) { return true }
            if right.variableName != nil, left.variables.isSubset(of: names) { return true }
            return freeVariables.isSubset(of: names)
        case .matches(let text, let pattern, let groups):
            return text.variables.isSubset(of: names) && pattern.variables.isSubset(of: names)
                && groups.allSatisfy {
                    guard let group = $0 else { return true }
                    return group.variableName != nil || group.variables.isSubset(of: names)
                }
        default: return isCondition && freeVariables.isSubset(of: names)
        }
    }
}

extension Unmonitorable.Rule {
    /// The rule in words; the English is MonPoly's own.
    var text: LocalizedText {
        switch self {
        case .atom:
            LocalizedText(
                fr: "les arguments d’une relation doivent être des variables ou des constantes",
                en: "In subformulas p(t1,...,tn) each term ti should be a variable or a constant.")
        case .equality:
            LocalizedText(
                fr: "une égalité seule doit comparer une variable et une constante",
                en: "In input formulas psi of the form t1 = t2 the terms t1 and t2 should be "
                    + "variables or constants and at least one should be a constant.")
        case .comparison:
            LocalizedText(
                fr: "une comparaison seule ne dit pas quelles valeurs parcourir",
                en: "Formulas of the form t1 < t2, t1 <= t2, t1 SUBSTRING t2, and t1 MATCHES t2 "
                    + "are currently considered not monitorable.")
        case .negatedEquality:
            LocalizedText(
                fr: "une inégalité seule ne dit pas quelles valeurs parcourir",
                en: "In subformulas psi of the form NOT (t1 = t2) the terms t1 and t2 should be "
                    + "either the same variable x or some constants (except when psi is part of "
                    + "subformulas of the form phi AND NOT psi, or phi AND NOT psi).")
        case .negation:
            LocalizedText(
                fr: "une négation ne doit pas avoir de variable libre, sauf à côté d’une relation",
                en: "Subformulas of the form NOT psi should contain no free variables (except "
                    + "when they are part of subformulas of the form phi AND NOT psi, NOT psi "
                    + "SINCE_I phi, or NOT psi UNTIL_I phi).")
        case .conjunction:
            LocalizedText(
                fr: "les variables de la comparaison doivent être liées par ce qui la précède",
                en: "In subformulas of the form psi AND t1 op t2 or psi AND NOT t1 op t2, with "
                    + "op among =, <, <=, either the variables of the terms t1 and t2 are among "
                    + "the free variables of psi or the formula is of the form psi AND x = t or "
                    + "psi AND x = t, and the variables of the term t are among the free "
                    + "variables of psi.")
        case .subset:
            LocalizedText(
                fr: "les variables de la partie niée ou de gauche doivent être liées par l’autre",
                en: "In subformulas of the form phi AND NOT psi, psi SINCE_I phi, and psi "
                    + "UNTIL_I phi, the free variables of psi should be among the free variables "
                    + "of phi.")
        case .disjunction:
            LocalizedText(
                fr: "les deux côtés de OR doivent avoir les mêmes variables libres",
                en: "In subformulas of the form phi OR psi, phi and psi should have the same set "
                    + "of free variables.")
        }
    }
}
