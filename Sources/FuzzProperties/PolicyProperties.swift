// SPDX-License-Identifier: Apache-2.0

import Cedar

/// What holds of the parsers, printers and the formatter of policies.
enum PolicyProperties {
    static func fault(inText text: String) -> String? {
        let policies: PolicySet
        do throws(CedarErrors) {
            policies = try PolicySet(parsing: text, naming: .positional)
        } catch {
            return ErrorProperties.fault(error, in: text)
        }
        do throws(CedarErrors) {
            let formatted = try PolicyFormatter.format(text)
            let again = try PolicySet(parsing: formatted, naming: .positional)
            if again.jsonText != policies.jsonText { return "the formatter changes the meaning" }
            if try PolicyFormatter.format(formatted) != formatted { return "not stable" }
            if comments(formatted) != comments(text) { return "the formatter loses a comment" }
            let printed = try PolicySet(parsing: policies.cedarText, naming: .positional)
            if shape(printed) != shape(policies) { return "the printer changes the meaning" }
            return faultOfJSON(policies)
        } catch {
            return "what was written is refused: \(error)"
        }
    }

    static func fault(inJSON text: String) -> String? {
        let policies: PolicySet
        do throws(CedarErrors) {
            policies = try PolicySet(json: text)
        } catch {
            return ErrorProperties.fault(error, in: text)
        }
        if let fault = faultOfJSON(policies) { return fault }
        // The JSON format can say more than the syntax, such as a method without receiver.
        if let printed = try? PolicySet(parsing: policies.cedarText, naming: .positional),
            shape(printed).count != shape(policies).count
        {
            return "the printer loses a policy"
        }
        return nil
    }

    /// Writes the JSON format and reads it again, unless it nests deeper than is read.
    private static func faultOfJSON(_ policies: PolicySet) -> String? {
        do throws(CedarErrors) {
            let copy = try PolicySet(json: policies.jsonText)
            return copy.jsonText == policies.jsonText ? nil : "the JSON format changes the meaning"
        } catch {
            let isDeep = error.errors.allSatisfy { $0.facts == ["nesting is too deep"] }
            return isDeep ? nil : "the JSON that was written is refused: \(error)"
        }
    }

    /// The policies of a set that have a text, without their names.
    private static func shape(_ policies: PolicySet) -> [String] {
        (policies.policies.filter { !$0.isLinked } + policies.templates).map(\.cedarText)
    }

    /// The comments of a text in order, without white space at their ends.
    private static func comments(_ text: String) -> [String] {
        PolicyFormatter.comments(in: text).map { comment in
            var bytes = Array(comment.utf8)
            while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
