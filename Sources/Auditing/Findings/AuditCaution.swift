// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What a reader of an audit must know about the log, though nothing is wrong with it.
public enum AuditCaution: String, CaseIterable, Hashable, Sendable {
    /// A purge left no state: what rests on it is unknown.
    case stateUnknown = "AUD107"
}

extension AuditCaution: Diagnosable {
    /// The caution in words.
    public var diagnostic: Diagnostic {
        Diagnostic(
            .warning, code: rawValue, place: .nowhere,
            message: LocalizedText(
                fr:
                    "une purge n’a pas laissé ce qui était en vigueur\u{202F}: ce qui en dépend est dit inconnu",
                en: "a purge did not leave what was in force: what rests on it is unknown"),
            remedy: LocalizedText(
                fr:
                    "ouvrez un nouveau journal, et consignez-y ce qui vaut encore\u{202F}: politiques, licences, affectations, oppositions",
                en:
                    "open a new log, and record in it what still holds: policies, licences, assignments, objections"
            ))
    }
}
