// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import Glibc
import LogStorage
import TransparencyLog

/// The keys: the verification key reads, and the private one is its owner's alone.
struct KeyCheck {
    private let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    var checkups: [Checkup] {
        [verificationKey] + (settings.record ? [signingKey] : [])
    }

    private var verificationKey: Checkup {
        func checkup(_ state: Checkup.State, _ seen: LocalizedText) -> Checkup {
            Checkup(
                "verification-key", state, fr: "Clé de vérification", en: "Verification key",
                seen: seen)
        }
        let text = settings.key.hasPrefix("@") ? settings.key : "@" + settings.key
        do {
            let key = try LogOptions.verificationKey(text)
            return checkup(.good, LocalizedText(both: key.name))
        } catch {
            return checkup(.bad, .reason(of: error))
        }
    }

    private var signingKey: Checkup {
        func checkup(_ state: Checkup.State, _ seen: LocalizedText) -> Checkup {
            Checkup("signing-key", state, fr: "Clé privée", en: "Private key", seen: seen)
        }
        let path = settings.signingKey ?? WriterOptions.trimmed(settings.log) + ".key"
        do {
            guard try SigningKeyFile(path).current() != nil else {
                throw StorageError(.notFound, path: path)
            }
        } catch {
            return checkup(.bad, .reason(of: error))
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_uid == geteuid() else {
            return checkup(
                .warning,
                LocalizedText(
                    fr: "\(path) appartient à un autre compte que celui-ci",
                    en: "\(path) belongs to another account than this one"))
        }
        return checkup(.good, LocalizedText(both: path))
    }
}

extension LocalizedText {
    /// The first line of what is wrong.
    static func reason(of error: any Error) -> LocalizedText {
        guard let diagnostic = Runner.diagnostics(of: error).first else {
            return LocalizedText(both: "\(type(of: error))")
        }
        let (message, code) = (diagnostic.message, diagnostic.code)
        return LocalizedText(
            fr: "\(code)\u{202F}: \(message.french)", en: "\(code): \(message.english)")
    }
}
