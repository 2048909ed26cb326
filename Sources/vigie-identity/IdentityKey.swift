// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
public import Identities
import LogStorage

/// Makes a custodian's pair of keys.
struct IdentityKey: Verb {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make a custodian's keys: run it on the custodian's machine.")

    @OptionGroup var conduct: ConductOptions

    @Argument(help: "The private key's file; the public one is FILE.pub.")
    var file: String

    func perform(on console: Console) throws -> Verdict {
        let secret = try SecretBytes.random(count: AgreementKey.byteCount)
        let key = try AgreementKey(secret)
        try KeyFile.write(KeyText.custodian.line(secret.bytes), to: file, isPrivate: true)
        try KeyFile.write(
            KeyText.custodianPublic.line(key.publicKey), to: file + ".pub", isPrivate: false)
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: """
                    Clés écrites\u{202F}: gardez `\(file)` pour vous\u{202F}; donnez `\(file).pub` à qui \
                    crée le coffre.
                    """,
                en: """
                    Keys written: keep `\(file)` to yourself; give `\(file).pub` to whoever makes \
                    the vault.
                    """))
    }
}

/// Makes a vault.
struct IdentityInit: Verb {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a vault for two custodians, with its master key.")

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: VaultOptions

    @Option(help: "The file of the data-protection officer's public key.")
    var dpo: String

    @Option(help: "The file of the works council delegate's public key.")
    var cse: String

    @Option(
        help: """
            Seal the master key in a security token, with an AES key that stays there: a PKCS #11 \
            URI with `token`, `module-path` and `pin-source`.
            """)
    var token: String?

    func perform(on console: Console) throws -> Verdict {
        let custodians = try CustodianKeys(
            officer: try KeyText.custodianPublic.readPublic(dpo),
            delegate: try KeyText.custodianPublic.readPublic(cse))
        // The key first: a vault whose key was not written would open for nobody.
        let master = try MasterKeyFile(options.masterPath).make(in: token)
        let vault = try IdentityVault(
            creating: options.vault, master: master, custodians: custodians)
        let fingerprint = vault.custodians.fingerprint.hex
        return Verdict(
            status: .complete,
            sentence: LocalizedText(
                fr: "Coffre créé. Empreinte des dépositaires\u{202F}: \(fingerprint)",
                en: "Vault made. Fingerprint of the custodians: \(fingerprint)"))
    }
}

extension PersonKind: ExpressibleByArgument {}
extension CustodianSeat: ExpressibleByArgument {}
