// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What a reader of an audit must know about the log, though nothing is wrong with it.
public enum AuditCaution: String, CaseIterable, Hashable, Sendable {
    /// The last purge left no state: what rests on it is unknown.
    case stateUnknown = "AUD107"
}

extension AuditCaution: Diagnosable {
    /// The caution in words.
    public var diagnostic: Diagnostic {
        Diagnostic(
            .warning, code: rawValue, place: .nowhere,
            message: LocalizedText(
                fr:
                    "la dernière purge n’a pas laissé ce qui est en vigueur\u{202F}: ce qui en dépend est dit inconnu",
                en: "the last purge did not leave what is in force: what rests on it is unknown"),
            remedy: LocalizedText(
                fr:
                    "consignez de nouveau ce qui vaut encore\u{202F}: politiques, licences, affectations, oppositions",
                en: "record again what still holds: policies, licences, assignments, objections"))
    }
}
