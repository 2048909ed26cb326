// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// The schema in Cedar's syntax, in one layout; comments are not kept.
    public var cedarText: String {
        document.namespaces.map { $0.cedarText(self) }.joined(separator: "\n")
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
    fileprivate func cedarText(_ schema: Schema) -> String {
        let margin = name.isEmpty ? "" : "  "
        var body = ""
        for type in commonTypes {
            body += annotationLines(type.annotations, margin)
            body += "\(margin)type \(type.name) = \(type.type.cedarText);\n"
        }
        for entity in entityTypes {
            body += annotationLines(entity.annotations, margin)
            let name = SchemaResolver.qualified(self.name, entity.name)
            let attributes = schema.entityTypes[name]?.attributes ?? .empty
            body += "\(margin)\(entity.cedarText(attributes));\n"
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
    fileprivate func cedarText(_ attributes: RecordType) -> String {
        if let enumeration {
            let ids = enumeration.map(StringEscapes.quoted).joined(separator: ", ")
            return "entity \(name) enum [\(ids)]"
        }
        var text = "entity \(name)"
        if !parents.isEmpty { text += " in [\(parents.joined(separator: ", "))]" }
        if case .record? = shape {
            text += " " + (shape?.cedarText ?? "")
        } else if shape != nil {
            // Only the JSON format can name a common type as a shape: here it is spelled out.
            text += " " + TypeExpression(.record(attributes)).cedarText
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
        case .name(let name, _), .entity(let name), .common(let name): return name
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

extension TypeExpression {
    /// A type of a schema with all names in full.
    fileprivate init(_ type: Type) {
        switch type {
        case .bool, .alwaysTrue, .alwaysFalse: self = .primitive("Bool")
        case .long: self = .primitive("Long")
        case .string: self = .primitive("String")
        case .set(let element): self = .set(TypeExpression(element ?? .never))
        case .entity(let names): self = .entity(names.first ?? "")
        case .extended(let name): self = .extended(name)
        case .record(let record):
            self = .record(
                record.attributes.map { field in
                    AttributeDeclaration(
                        name: field.name.string, type: TypeExpression(field.attribute.type),
                        isRequired: field.attribute.isRequired, annotations: [])
                })
        case .never, .anyEntity: self = .record([])
        }
    }
}
