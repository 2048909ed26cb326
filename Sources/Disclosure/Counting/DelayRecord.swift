// SPDX-License-Identifier: Apache-2.0

import AuditEvents

extension DelayKind {
    /// The delays that begin and end under one reference.
    enum Name {
        case answer, closing

        var kind: DelayKind { self == .answer ? .answer : .closing }
    }
}

/// What has begun and has a deadline, until it ends.
struct DelayRecord {
    private var begun: [DelayKind.Name: [Int32: Int64]] = [:]
    private var holders: [Int32: Int32] = [:]
    private var places: [Int32: Int32] = [:]
    /// The advisers who left or moved while they held a licence.
    private var left: [Int32: Int64] = [:]

    mutating func begin(_ kind: DelayKind.Name, _ reference: Int32, at time: Int64) {
        guard reference >= 0, begun[kind]?[reference] == nil else { return }
        begun[kind, default: [:]][reference] = time
    }

    /// The topic of a delay that ends; nil if nothing began under that reference, or later only.
    mutating func end(_ kind: DelayKind.Name, _ reference: Int32, at time: Int64) -> UInt8? {
        guard reference >= 0, let start = begun[kind]?.removeValue(forKey: reference),
            time >= start
        else { return nil }
        return kind.kind.code(milliseconds: time - start)
    }

    /// Takes what happens to an adviser into account.
    mutating func adviser(_ adviser: Int32, _ type: EventType, at time: Int64, place: Int32) {
        guard adviser >= 0 else { return }
        if place > 0 { places[adviser] = place }
        switch type {
        case .adviserWithdraw, .adviserLeave, .adviserMove:
            if holders.values.contains(adviser), left[adviser] == nil { left[adviser] = time }
        case .adviserEnrol: left[adviser] = nil
        default: break
        }
    }

    /// Takes what happens to a licence into account.
    ///
    /// - Returns: The delay, if it is taken from somebody who left.
    mutating func licence(
        _ licence: Int32, _ type: EventType, holder: Int32, at time: Int64
    ) -> (topic: UInt8, adviser: Int32, place: Int32)? {
        guard licence >= 0 else { return nil }
        switch type {
        case .licenceAssign:
            holders[licence] = holder
            return nil
        case .licenceActivate, .licenceRestore: return nil
        default: break
        }
        let former = holders[licence]
        // A suspended licence keeps its holder, who may have it back.
        if type == .licenceReassign { holders[licence] = holder }
        if ![.licenceReassign, .licenceSuspend].contains(type) { holders[licence] = nil }
        guard let former, let start = left.removeValue(forKey: former), time >= start else {
            return nil
        }
        return (
            DelayKind.deactivation.code(milliseconds: time - start), former, places[former] ?? 0
        )
    }
}
