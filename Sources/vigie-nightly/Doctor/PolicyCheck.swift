// SPDX-License-Identifier: Apache-2.0

import Auditing
import Conduct
import Cryptography
import Diagnostics

/// The policies: each folder reads, and its policies parse.
struct PolicyCheck {
    private let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    var checkups: [Checkup] {
        settings.policies.map { path in
            func checkup(_ state: Checkup.State, _ seen: LocalizedText) -> Checkup {
                Checkup("policies", state, fr: "Politiques", en: "Policies", seen: seen)
            }
            do {
                let folder = try PolicySetFolder(FolderReader.policyArchive(path))
                let version = folder.version.hex.prefix(16)
                return checkup(
                    .good, LocalizedText(both: "\(folder.name) \(folder.label) \(version)…"))
            } catch {
                return checkup(.bad, .reason(of: error))
            }
        }
    }
}
