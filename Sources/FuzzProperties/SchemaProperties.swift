// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What holds of the parsers, writers and the formatter of schemas.
enum SchemaProperties {
    static func fault(inText text: String) -> String? {
        let schema: Schema
        do throws(CedarErrors) {
            schema = try Schema(parsing: text)
        } catch {
            return ErrorProperties.fault(error, in: text)
        }
        do throws(CedarErrors) {
            if try Schema(json: schema.jsonText) != schema { return "the JSON format changes it" }
            if try Schema(parsing: schema.cedarText) != schema { return "the writer changes it" }
            let formatted = try SchemaFormatter.format(text)
            if try Schema(parsing: formatted) != schema { return "the formatter changes it" }
            if try SchemaFormatter.format(formatted) != formatted { return "not stable" }
            return nil
        } catch {
            return "what was written is refused: \(error)"
        }
    }

    static func fault(inJSON text: String) -> String? {
        let schema: Schema
        do throws(CedarErrors) {
            schema = try Schema(json: text)
        } catch {
            return ErrorProperties.fault(error, in: text)
        }
        do throws(CedarErrors) {
            if try Schema(json: schema.jsonText) != schema { return "writing changes it" }
            if try Schema(parsing: schema.cedarText) != schema { return "the writer changes it" }
            return nil
        } catch {
            return "what was written is refused: \(error)"
        }
    }
}
