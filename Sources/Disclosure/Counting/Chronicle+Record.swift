// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import TransparencyLog

extension Chronicle {
    /// The fields that a summary may tell: codes, references and numbers, and nobody's pseudonym.
    private static let fields: [EntryField] = [
        .body, .level, .opinion, .observationRef, .dueAt, .reference, .rule, .outcomeCode,
        .reasonCode, .indicator, .value, .n, .intervalLow, .intervalHigh, .method, .version, .hash,
        .validFrom, .validUntil, .regions, .roles, .categories, .purposes, .decisionRef, .awareAt,
        .correlates, .measure, .control, .partner, .operation, .tool, .documentHash, .module,
        .perimeter, .releaseHash, .tableSpec, .first, .last, .count, .findings, .head,
    ]

    /// Keeps an event of governance.
    mutating func record(_ entry: borrowing VerifiedEntry, _ type: EventType) {
        switch type {
        case .sessionOpen, .sessionClose, .portfolioRelease, .offerOpen, .offerClose,
            .appointmentHold, .applicationReceive, .mandateOpen, .mandateClose, .ingestBatch,
            .clockSync, .recipientAck, .recipientDelete, .authFail, .accessDeny, .dsrAnswer,
            .dsrExtend, .checkStart, .objectionLift, .licenceRequest, .licenceGrant:
            return
        default: break
        }
        guard items.count < Self.itemCountMax else {
            omittedCount += 1
            return
        }
        var values: [String: String] = [:]
        for field in Self.fields where entry.contains(field) {
            switch field.kind {
            case .strings: values[field.name] = entry.strings(field).joined(separator: " ")
            case .integer: values[field.name] = entry.integer(field).map(String.init) ?? ""
            default: values[field.name] = entry.string(field) ?? ""
            }
        }
        items.append(
            Item(type: type.name, time: entry.occurredAt, index: entry.index, values: values))
    }
}
