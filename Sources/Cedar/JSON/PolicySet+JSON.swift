// SPDX-License-Identifier: Apache-2.0

extension PolicySet {
    /// Reads a set from Cedar's JSON format.
    ///
    /// - Throws: `CedarErrors` for anything else, and for links that do not fit their templates.
    public init(json text: String, file: String = "policies.json") throws(CedarErrors) {
        let source = Source(file: file, text: text, isJSON: true)
        let reader = PolicySetReader(values: ValueReader(source: source))
        self = try reader.policySet(try LocatedJSON(parsing: source))
    }
}

/// Reads policy sets from Cedar's JSON format: policies, templates and links by name.
private struct PolicySetReader {
    let values: ValueReader

    func policySet(_ json: LocatedJSON) throws(CedarErrors) -> PolicySet {
        let parts: Set = ["staticPolicies", "templates", "templateLinks"]
        guard case .object(let members) = json.kind, Set(members.map(\.key)) == parts else {
            throw values.failure(
                "set", "`staticPolicies`, `templates` and `templateLinks`", at: json.span)
        }
        let policies = try list("staticPolicies", json)
        let templates = try list("templates", json)
        if let misplaced = policies.first(where: \.isTemplate) {
            throw values.failure(
                "staticPolicies", "`\(misplaced.id)` has slots",
                at: json.member("staticPolicies").member(misplaced.id).span)
        }
        let names = Set(policies.map { Text($0.id) })
        for template in templates where names.contains(Text(template.id)) {
            throw CedarErrors(errors: [
                CedarError(
                    .duplicatePolicyID, [template.id],
                    at: json.member("templates").member(template.id).span, in: values.source)
            ])
        }
        var set = PolicySet(policies: policies, templates: templates)
        guard case .array(let links)? = json["templateLinks"]?.kind else {
            throw values.failure(
                "templateLinks", "an array is expected", at: json.member("templateLinks").span)
        }
        for link in links { try add(link, to: &set) }
        return set
    }

    private func list(_ key: String, _ json: LocatedJSON) throws(CedarErrors) -> [Policy] {
        guard case .object(let members)? = json[key]?.kind else {
            throw values.failure(key, "an object is expected", at: json.member(key).span)
        }
        let reader = PolicyReader(values: values)
        var policies: [Policy] = []
        for member in members {
            policies.append(try reader.policy(member.value, id: member.key))
        }
        return policies
    }

    private func add(_ link: LocatedJSON, to set: inout PolicySet) throws(CedarErrors) {
        guard case .object(let members) = link.kind, members.count == 3,
            case .string(let template)? = link["templateId"]?.kind,
            case .string(let id)? = link["newId"]?.kind,
            case .object(let filled)? = link["values"]?.kind
        else {
            throw values.failure(
                "templateLinks", "`templateId`, `newId` and `values`", at: link.span)
        }
        var slots: [String: EntityUID] = [:]
        for member in filled {
            let slot = member.key
            guard slot == "?principal" || slot == "?resource" else {
                throw values.failure(
                    "templateLinks", "`\(slot)` is not a slot", at: member.keySpan)
            }
            slots[slot] = try values.uid(member.value, at: slot)
        }
        guard
            set.link(
                template: template, as: id, principal: slots["?principal"],
                resource: slots["?resource"])
        else {
            throw values.failure(
                "templateLinks", "`\(id)` does not fit its template", at: link.span)
        }
    }
}
