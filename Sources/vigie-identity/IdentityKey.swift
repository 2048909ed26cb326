// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Conduct
import Cryptography
import Diagnostics
public import Identities
import LogStorage

/// Makes a custodian's pair of keys.
struct IdentityKey: Verb {
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "key",
            abstract: LocalizedText(
                fr: """
                    Créer les clés d’un dépositaire\u{202F}: à lancer sur la machine du dépositaire.
                    """,
                en: "Make a custodian's keys: run it on the custodian's machine."))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Le fichier de la clé privée\u{202F}; la clé publique est FICHIER.pub.",
            en: "The private key's file; the public one is FILE.pub."))
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
    static var forms: Set<OutputFormat> { [.table, .plain] }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "init",
            abstract: LocalizedText(
                fr: "Créer un coffre pour deux dépositaires, avec sa clé maîtresse.",
                en: "Make a vault for two custodians, with its master key."))
    }

    @OptionGroup var conduct: ConductOptions
    @OptionGroup var options: VaultOptions

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de la clé publique du délégué à la protection des données.",
            en: "The file of the data-protection officer's public key."))
    var dpo: String

    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de la clé publique du membre désigné du CSE.",
            en: "The file of the works council delegate's public key."))
    var cse: String

    @Option(
        help: ArgumentHelp(
            fr: """
                Sceller la clé maîtresse dans un jeton de sécurité, par une clé AES qui y \
                reste\u{202F}: une URI PKCS\u{A0}#11 avec `token`, `module-path` et `pin-source`.
                """,
            en: """
                Seal the master key in a security token, with an AES key that stays there: a PKCS \
                #11 URI with `token`, `module-path` and `pin-source`.
                """))
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
