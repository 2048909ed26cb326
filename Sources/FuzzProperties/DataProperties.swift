// SPDX-License-Identifier: Apache-2.0

import Cedar
import Diagnostics

/// What holds of the readers of entities, contexts and requests.
enum DataProperties {
    private static let schemaText = """
        entity U in [G] {a: Long, b?: {c?: Long}, s: Set<U>, x?: ipaddr, d?: decimal, t?: datetime,
          l?: duration, e?: En} tags String;
        entity G in [G]; entity En enum ["x", "y"];
        action v appliesTo {principal: [U], resource: [G, U], context: {k?: Long, r?: {u: U}}};
        action w in [v];
        """
    private static let schema = try? Schema(parsing: schemaText)

    static func fault(in text: String) -> String? {
        guard let schema else { return "the schema is refused" }
        for used in [nil, schema] {
            do throws(CedarErrors) {
                let entities = try Entities(json: text, schema: used)
                try used?.validate(entities)
            } catch {
                if let fault = ErrorProperties.fault(error, in: text, hasPlace: false) {
                    return fault
                }
            }
            do throws(CedarErrors) {
                let request = try Request(json: text, schema: used)
                try used?.validate(request)
            } catch {
                if let fault = ErrorProperties.fault(error, in: text, hasPlace: false) {
                    return fault
                }
            }
        }
        do throws(CedarErrors) {
            _ = try Record(json: text)
            return nil
        } catch {
            return ErrorProperties.fault(error, in: text)
        }
    }
}

extension ErrorProperties {
    /// The errors of a check against a schema lie in no text.
    static func fault(_ errors: CedarErrors, in text: String, hasPlace: Bool) -> String? {
        if hasPlace || errors.errors.isEmpty { return fault(errors, in: text) }
        for error in errors.errors where error.diagnostic.message.french.isEmpty {
            return "an error without words: \(error.code)"
        }
        return nil
    }
}
