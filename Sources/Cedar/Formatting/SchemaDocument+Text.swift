// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// The schema in Cedar's syntax, in one layout; comments are not kept.
    public var cedarText: String {
        document.namespaces.map(\.cedarText).joined(separator: "\n")
    }
}

private func annotationLines(
    _ annotations: [(key: String, value: String)], _ margin: String
) -> String {
    annotations.map { "\(margin)@\($0.key)(\(StringEscapes.quoted($0.value)))\n" }.joined()
}

/// A name as an identifier where it is one, else in quotes.
private func shownName(_ name: String) -> String {
    ValueReader.isTypeName(name) && !name.contains("::") ? name : StringEscapes.quoted(name)
}

extension SchemaNamespace {
    fileprivate var cedarText: String {
        let margin = name.isEmpty ? "" : "  "
        var body = ""
        for type in commonTypes {
            body += annotationLines(type.annotations, margin)
            body += "\(margin)type \(type.name) = \(type.type.cedarText);\n"
        }
        for entity in entityTypes {
            body += annotationLines(entity.annotations, margin)
            body += "\(margin)\(entity.cedarText);\n"
        }
        for action in actions {
            body += annotationLines(action.annotations, margin)
            body += "\(margin)\(action.cedarText);\n"
        }
        if name.isEmpty { return body }
        return "\(annotationLines(annotations, ""))namespace \(name) {\n\(body)}\n"
    }
}

extension EntityDeclaration {
    fileprivate var cedarText: String {
        if let enumeration {
            let ids = enumeration.map(StringEscapes.quoted).joined(separator: ", ")
            return "entity \(name) enum [\(ids)]"
        }
        var text = "entity \(name)"
        if !parents.isEmpty { text += " in [\(parents.joined(separator: ", "))]" }
        if let shape {
            var isRecord = false
            if case .record = shape { isRecord = true }
            // Only the JSON format can name a common type as a shape.
            text += (isRecord ? " " : " = ") + shape.cedarText
        }
        if let tags { text += " tags \(tags.cedarText)" }
        return text
    }
}

extension ActionDeclaration {
    fileprivate var cedarText: String {
        var text = "action \(shownName(name))"
        if !parents.isEmpty {
            let list = parents.map { parent in
                let id = StringEscapes.quoted(parent.id)
                return parent.type.map { "\($0)::\(id)" } ?? id
            }
            text += " in [\(list.joined(separator: ", "))]"
        }
        guard let principals, let resources, !principals.isEmpty, !resources.isEmpty else {
            return text
        }
        text += " appliesTo {\n    principal: [\(principals.joined(separator: ", "))],\n"
        text += "    resource: [\(resources.joined(separator: ", "))],\n"
        if let context { text += "    context: \(context.cedarText),\n" }
        return text + "  }"
    }
}

extension TypeExpression {
    fileprivate var cedarText: String {
        switch self {
        case .name(let name, _), .entity(let name): return name
        case .extended(let name), .primitive(let name): return "__cedar::\(name)"
        case .set(let element): return "Set<\(element.cedarText)>"
        case .record(let attributes):
            let fields = attributes.map { attribute in
                let name = "\(shownName(attribute.name))\(attribute.isRequired ? "" : "?")"
                let marks = attribute.annotations
                    .map { "@\($0.key)(\(StringEscapes.quoted($0.value))) " }.joined()
                return "\(marks)\(name): \(attribute.type.cedarText)"
            }
            return "{" + fields.joined(separator: ", ") + "}"
        }
    }
}
