// SPDX-License-Identifier: Apache-2.0

import Auditing
import Cedar
import Conduct
import Diagnostics

/// Policies with the schema under which they are valid: what analysis starts from.
struct PolicyInput {
    let policies: PolicySet
    let schema: Schema
    /// The set's folder, where the path is one.
    let folder: PolicySetFolder?

    /// Reads policies, and validates them in strict mode.
    ///
    /// - Parameters:
    ///   - path: The folder of a policy set, or a folder or file of policies.
    ///   - schema: The schema's file; else the one in the folder.
    ///   - validates: Whether policies that are not valid are refused.
    /// - Throws: Every error of the files, and of validation.
    init(_ path: String, schema: String?, validates: Bool = true) throws {
        let isSet = try PolicyFiles.files(at: path, endings: ["policy-set.yaml"])
            .contains { $0.hasSuffix("/policy-set.yaml") && path.utf8.count + 16 == $0.utf8.count }
        if isSet {
            let folder = try PolicySetFolder(FolderReader.policyArchive(path))
            self.folder = folder
            policies = folder.policySet
        } else {
            folder = nil
            policies = try DecisionOptions.readPolicies([path])
        }
        let own = try PolicyFiles.files(at: path, endings: [".cedarschema"])
            .filter { $0.hasSuffix(".cedarschema") }
        guard let file = schema ?? own.first, schema != nil || own.count == 1 else {
            throw UsageError(
                fr:
                    "il manque `--schema`\u{202F}: il n’y a pas un seul schéma à côté des politiques",
                en: "`--schema` is needed: no single schema lies beside the policies",
                at: .file(path))
        }
        self.schema = try DecisionOptions.readSchema(file)
        guard validates else { return }
        let faults = self.faults(under: self.schema)
        guard faults.isEmpty else { throw InvalidPolicies(diagnostics: faults) }
    }

    /// What strict validation says against the policies under a schema.
    func faults(under schema: Schema) -> [Diagnostic] {
        schema.validate(policies).errors.compactMap { error in
            policies.policy(error.policyID).map { error.diagnostic(in: $0.source) }
        }
    }
}

/// Policies that are not valid under their schema: nothing is said of them.
struct InvalidPolicies: DiagnosableGroup {
    let diagnostics: [Diagnostic]
}
