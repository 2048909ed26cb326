// SPDX-License-Identifier: Apache-2.0

extension PolicySet {
    /// Reads a set from Cedar's JSON format.
    ///
    /// - Throws: `CedarErrors` for anything else, and for links that do not fit their templates.
    public init(json text: String, file: String = "policies.json") throws(CedarErrors) {
        let source = Source(file: file, text: text)
        let reader = PolicySetReader(values: ValueReader(source: source))
        self = try reader.policySet(try JSONValue(parsing: text, file: file))
    }
}

/// Reads policy sets from Cedar's JSON format: policies, templates and links by name.
private struct PolicySetReader {
    let values: ValueReader

    func policySet(_ json: JSONValue) throws(CedarErrors) -> PolicySet {
        let parts: Set = ["staticPolicies", "templates", "templateLinks"]
        guard case .object(let members) = json, Set(members.map(\.key)) == parts else {
            throw values.failure("set", "`staticPolicies`, `templates` and `templateLinks`")
        }
        let policies = try list("staticPolicies", json)
        let templates = try list("templates", json)
        if let misplaced = policies.first(where: \.isTemplate) {
            throw values.failure("staticPolicies", "`\(misplaced.id)` has slots")
        }
        let names = Set(policies.map { Text($0.id) })
        for template in templates where names.contains(Text(template.id)) {
            throw CedarErrors(errors: [
                CedarError(.duplicatePolicyID, [template.id], at: .none, in: values.source)
            ])
        }
        var set = PolicySet(policies: policies, templates: templates)
        guard case .array(let links)? = json["templateLinks"] else {
            throw values.failure("templateLinks", "an array is expected")
        }
        for link in links { try add(link, to: &set) }
        return set
    }

    private func list(_ key: String, _ json: JSONValue) throws(CedarErrors) -> [Policy] {
        guard case .object(let members)? = json[key] else {
            throw values.failure(key, "an object is expected")
        }
        let reader = PolicyReader(values: values)
        var policies: [Policy] = []
        for (id, body) in members { policies.append(try reader.policy(body, id: id)) }
        return policies
    }

    private func add(_ link: JSONValue, to set: inout PolicySet) throws(CedarErrors) {
        guard case .object(let members) = link, members.count == 3,
            case .string(let template)? = link["templateId"],
            case .string(let id)? = link["newId"], case .object(let filled)? = link["values"]
        else { throw values.failure("templateLinks", "`templateId`, `newId` and `values`") }
        var slots: [String: EntityUID] = [:]
        for (slot, uid) in filled {
            guard slot == "?principal" || slot == "?resource" else {
                throw values.failure("templateLinks", "`\(slot)` is not a slot")
            }
            slots[slot] = try values.uid(uid, at: slot)
        }
        guard
            set.link(
                template: template, as: id, principal: slots["?principal"],
                resource: slots["?resource"])
        else { throw values.failure("templateLinks", "`\(id)` does not fit its template") }
    }
}
