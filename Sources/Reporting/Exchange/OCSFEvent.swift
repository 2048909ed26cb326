// SPDX-License-Identifier: Apache-2.0

import AuditEvents
import Cryptography
import TransparencyLog

/// What every OCSF event has, whatever its class.
struct OCSFEvent {
    var classUID: Int64
    var className: String
    var categoryUID: Int64
    var categoryName: String
    var activity: Int64
    var activityName: String
    var time: Int64
    var uid: String
    var origin: String
    var severity: (id: Int64, name: String) = (1, "Informational")
    /// The entry of the log that it speaks of.
    var entry: UInt64?
    var eventCode = ""
    /// When the log recorded the entry.
    var loggedTime: Int64?
    /// The members of its class.
    var more: [(String, JSONNode)] = []
    /// What the schema has no place for.
    var unmapped: [(String, JSONNode)] = []

    var typeUID: Int64 { classUID * 100 + activity }

    func members(at number: Int) -> [(String, JSONNode)] {
        var metadata: [(String, JSONNode)] = [
            ("version", .string("1.9.0")), ("uid", .string(uid)),
            ("profiles", .array([.string("record_integrity")])),
            ("log_name", .string(origin)), ("event_code", .string(eventCode)),
            ("sequence", .integer(Int64(number))),
            (
                "product",
                .object([
                    ("name", .string(Product.name)), ("vendor_name", .string(Product.name)),
                    ("version", .string(Product.version)),
                ])
            ),
        ]
        if let loggedTime { metadata.append(("logged_time", .integer(loggedTime))) }
        var unmapped = unmapped
        if let entry { unmapped.append(("entry_index", JSONNode(entry))) }
        return [
            ("class_uid", .integer(classUID)), ("class_name", .string(className)),
            ("category_uid", .integer(categoryUID)), ("category_name", .string(categoryName)),
            ("activity_id", .integer(activity)), ("activity_name", .string(activityName)),
            ("type_uid", .integer(typeUID)),
            ("type_name", .string("\(className): \(activityName)")),
            ("time", .integer(time)), ("severity_id", .integer(severity.id)),
            ("severity", .string(severity.name)), ("metadata", .object(metadata)),
            ("unmapped", .object(unmapped)),
        ] + more
    }
}

/// Entries of the log as OCSF events: accesses, and what happens to licences.
struct OCSFActivity {
    let origin: String
    let namesActors: Bool

    /// The event of an entry; nil if it is neither an access nor about a licence.
    func event(_ entry: borrowing VerifiedEntry, _ type: EventType) -> OCSFEvent? {
        if type.isAccess { return access(entry, type) }
        return type.name.hasPrefix("licence.") ? licence(entry, type) : nil
    }

    private func access(_ entry: borrowing VerifiedEntry, _ type: EventType) -> OCSFEvent {
        let (activity, name) = Self.accessActivity(type)
        var event = base(entry, type, (6005, "Datastore Activity", 6, "Application Activity"))
        (event.activity, event.activityName) = (activity, name)
        let isDone = entry.string(.outcome) == "done"
        let family = String(type.name.prefix { $0 != "." })
        event.more = [
            ("status_id", .integer(isDone ? 1 : 2)),
            ("status", .string(isDone ? "Success" : "Failure")),
            ("actor", .object([("user", user(entry.string(.actorPID), entry))])),
            ("src_endpoint", .object([("name", .string(entry.string(.source) ?? ""))])),
            (
                "table",
                .object([
                    ("name", .string(family)), ("uid", JSONNode(entry.string(.subjectPID))),
                ])
            ),
            ("type_id", .integer(3)), ("type", .string("Table")),
        ]
        event.unmapped += [
            ("purpose", JSONNode(entry.string(.purpose))),
            ("categories", .array(entry.strings(.categories).map { .string($0) })),
            ("outcome", JSONNode(entry.string(.outcome))),
            ("recorded_decision", JSONNode(entry.string(.decisionEffect))),
            ("policy_version", JSONNode(entry.string(.decisionPolicyVersion))),
        ]
        return event
    }

    private func licence(_ entry: borrowing VerifiedEntry, _ type: EventType) -> OCSFEvent {
        var event = base(
            entry, type, (3004, "Entity Management", 3, "Identity & Access Management"))
        (event.activity, event.activityName) = Self.licenceActivity(type)
        let holder = entry.string(.to).map { namesActors ? $0 : "masked" }
        event.more = [
            ("status_id", .integer(1)), ("status", .string("Success")),
            (
                "entity",
                .object([
                    ("uid", .string(entry.string(.licenceID) ?? "unknown")),
                    ("type", .string("licence")), ("name", .string(type.name)),
                ])
            ),
        ]
        if let who = entry.string(.approver) ?? entry.string(.requester) {
            event.more.append(("actor", .object([("user", user(who, entry))])))
        }
        event.unmapped.append(("holder", JSONNode(holder)))
        return event
    }

    private func base(
        _ entry: borrowing VerifiedEntry, _ type: EventType,
        _ place: (uid: Int64, name: String, category: Int64, categoryName: String)
    ) -> OCSFEvent {
        var event = OCSFEvent(
            classUID: place.uid, className: place.name, categoryUID: place.category,
            categoryName: place.categoryName, activity: 0, activityName: "Unknown",
            time: entry.occurredAt, uid: entry.string(.id) ?? "", origin: origin)
        event.entry = entry.index
        event.eventCode = type.name
        event.loggedTime = entry.recordedAt
        event.unmapped = [
            ("leaf_hash", .string(entry.leafHash.hex)),
            ("region", JSONNode(entry.string(.actorRegion))),
        ]
        return event
    }

    private func user(_ pid: String?, _ entry: borrowing VerifiedEntry) -> JSONNode {
        .object([
            ("uid", .string(namesActors ? pid ?? "" : "masked")),
            ("type_id", .integer(entry.string(.actorAccountKind) == "service" ? 4 : 1)),
            ("type", .string(entry.string(.actorRole) ?? "")),
        ])
    }

    private static func accessActivity(_ type: EventType) -> (Int64, String) {
        switch type.name.split(separator: ".").last {
        case "search", "match": (4, "Query")
        case "view": (1, "Read")
        case "promote", "share", "reveal", "request", "perform", "export": (99, "Other")
        case "prospect", "message": (5, "Write")
        default: (99, "Other")
        }
    }

    private static func licenceActivity(_ type: EventType) -> (Int64, String) {
        switch type {
        case .licenceGrant: (1, "Create")
        case .licenceRevoke, .licenceReturn, .licenceExpire: (4, "Delete")
        case .licenceRequest: (99, "Other")
        default: (3, "Update")
        }
    }
}
