// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics

/// What the nightly audit needs to know.
struct Settings: Equatable {
    /// The keys of the configuration, by what their values are.
    enum Key: String, CaseIterable {
        case log, policies, key, checkpoint, record
        case signingKey = "signing-key"
        case failOn = "fail-on"
        case report, witnesses

        /// Whether the value is a list of texts.
        var isList: Bool { self == .policies || self == .report || self == .witnesses }

        /// The variable of the environment, without `VIGIE_`.
        var variable: String {
            String(rawValue.map { $0 == "-" ? "_" : Character($0.uppercased()) })
        }
    }

    /// The folder of the log.
    var log: String
    /// The folders of policies; the first is the reference.
    var policies: [String]
    /// The file of the verification key.
    var key: String
    /// The file of the saved state.
    var checkpoint: String?
    /// Whether runs are recorded.
    var record: Bool
    /// The file of the private key; LOG.key by default.
    var signingKey: String?
    /// The least severity that makes a run exit 1.
    var failOn: FailThreshold
    /// The reports, FORMAT=PATH.
    var reports: [String]
    /// The addresses of witnesses.
    var witnesses: [String]

    /// The words that follow `vigie`, all but the log.
    func auditArguments(full: Bool) -> [String] {
        var words = ["audit", "--key", key.hasPrefix("@") ? key : "@" + key]
        for policy in policies { words += ["--policies", policy] }
        if let checkpoint { words += ["--checkpoint", checkpoint] }
        if full { words.append("--full") }
        if record { words.append("--record") }
        if record, let signingKey { words += ["--signing-key", signingKey] }
        words += ["--fail-on", failOn.rawValue]
        for report in reports { words += ["--report", report] }
        return words
    }
}
