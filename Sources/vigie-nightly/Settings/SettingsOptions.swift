// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Configuration
import Diagnostics
import Glibc

/// Where the configuration is, and what the command line says otherwise.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de configuration.",
            en: "The configuration file."), completion: .file(extensions: ["yaml"]))
    var config: String?
    @Option(
        help: ArgumentHelp(
            fr: "Le dossier du journal.",
            en: "The folder of the log."), completion: .directory) var log: String?
    @Option(
        help: ArgumentHelp(
            fr: "Un dossier de politiques, plusieurs fois au besoin.",
            en: "A folder of policies, several times if need be."), completion: .directory)
    var policies: [String] = []
    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de la clé de vérification.",
            en: "The file of the verification key."), completion: .file())
    var key: String?
    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de l’état gardé.",
            en: "The file of the saved state."), completion: .file())
    var checkpoint: String?
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            fr: "Consigner l’audit au journal.",
            en: "Record the run in the log."))
    var record: Bool?
    @Option(
        help: ArgumentHelp(
            fr: "Le fichier de la clé privée.",
            en: "The file of the private key."), completion: .file())
    var signingKey: String?
    @Option(
        help: ArgumentHelp(
            fr: "Code 1 à partir de cette gravité.",
            en: "Exit 1 from this severity on."))
    var failOn: FailThreshold?
    @Option(
        help: ArgumentHelp(
            fr: "Écrire le rapport dans un fichier, FORME=CHEMIN, plusieurs fois au besoin.",
            en: "Write the report to a file, FORMAT=PATH, several times if need be."))
    var report: [String] = []
    @Option(
        help: ArgumentHelp(
            fr: "L’adresse d’un témoin, plusieurs fois au besoin.",
            en: "The address of a witness, several times if need be."))
    var witnesses: [String] = []

    private static let systemFile = "/etc/vigie/vigie.yaml"
    private static let prefix = "VIGIE_"

    /// The settings of all layers: options first, then variables, then the file.
    ///
    /// - Throws: ``SettingsErrors`` with every fault.
    func load(_ console: Console) throws -> Settings {
        var errors: [SettingsError] = []
        var layers: [any ConfigProvider] = [InMemoryProvider(name: "options", values: options)]
        let variables = Self.variables(&errors)
        layers.append(EnvironmentVariablesProvider(environmentVariables: variables))
        if let path = try Self.path(config) {
            let file = try SettingsFile(path)
            errors += file.errors
            layers.append(InMemoryProvider(name: path, values: file.values))
        }
        let settings = Self.settings(ConfigReader(providers: layers), &errors)
        guard errors.isEmpty, let settings else { throw SettingsErrors(errors: errors) }
        return settings
    }

    /// The options as a layer.
    private var options: [AbsoluteConfigKey: ConfigValue] {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        func set(_ key: Settings.Key, _ content: ConfigContent?) {
            guard let content else { return }
            values[AbsoluteConfigKey([key.rawValue])] = ConfigValue(content, isSecret: false)
        }
        set(.log, log.map { .string($0) })
        set(.policies, policies.isEmpty ? nil : .stringArray(policies))
        set(.key, key.map { .string($0) })
        set(.checkpoint, checkpoint.map { .string($0) })
        set(.record, record.map { .bool($0) })
        set(.signingKey, signingKey.map { .string($0) })
        set(.failOn, failOn.map { .string($0.rawValue) })
        set(.report, report.isEmpty ? nil : .stringArray(report))
        set(.witnesses, witnesses.isEmpty ? nil : .stringArray(witnesses))
        return values
    }

    /// The variables `VIGIE_…`, without that beginning; one that is not known is a fault.
    private static func variables(_ errors: inout [SettingsError]) -> [String: String] {
        let known = Set(Settings.Key.allCases.map(\.variable))
        var found: [String: String] = [:]
        var place = unsafe environ
        while let entry = unsafe place.pointee {
            let text = unsafe String(cString: entry)
            unsafe place += 1
            guard text.hasPrefix(prefix), let equals = text.firstIndex(of: "=") else { continue }
            let name = String(text[text.index(text.startIndex, offsetBy: prefix.count)..<equals])
            guard known.contains(name) else {
                errors.append(SettingsError(.unknownKey, prefix + name))
                continue
            }
            found[name] = String(text[text.index(after: equals)...])
        }
        return found
    }

    /// The file that was named, else that of the person, else that of the system; nil if none is
    /// there.
    private static func path(_ named: String?) throws -> String? {
        if let named {
            guard unsafe access(named, F_OK) == 0 else {
                throw SettingsError(.missingFile, named, at: .file(named))
            }
            return named
        }
        var places: [String] = []
        if let home = unsafe getenv("XDG_CONFIG_HOME"), unsafe home.pointee != 0 {
            places.append(unsafe String(cString: home) + "/vigie/vigie.yaml")
        } else if let home = unsafe getenv("HOME"), unsafe home.pointee != 0 {
            places.append(unsafe String(cString: home) + "/.config/vigie/vigie.yaml")
        }
        places.append(systemFile)
        return places.first { unsafe access($0, F_OK) == 0 }
    }

    private static func settings(
        _ reader: ConfigReader, _ errors: inout [SettingsError]
    ) -> Settings? {
        func text(_ key: Settings.Key) -> String? {
            reader.string(forKey: ConfigKey([key.rawValue]))
        }
        func texts(_ key: Settings.Key) -> [String] {
            reader.stringArray(forKey: ConfigKey([key.rawValue])) ?? []
        }
        let threshold = text(.failOn) ?? FailThreshold.low.rawValue
        let failOn = FailThreshold(rawValue: threshold)
        if failOn == nil { errors.append(SettingsError(.wrongValue, Settings.Key.failOn.rawValue)) }
        let reports = texts(.report)
        if reports.contains(where: { ReportDestination(argument: $0) == nil }) {
            errors.append(SettingsError(.wrongValue, Settings.Key.report.rawValue))
        }
        for key in [Settings.Key.log, .key] where text(key) == nil {
            errors.append(SettingsError(.missingKey, key.rawValue))
        }
        let policies = texts(.policies)
        if policies.isEmpty { errors.append(SettingsError(.missingKey, "policies")) }
        guard let log = text(.log), let key = text(.key), let failOn else { return nil }
        return Settings(
            log: log, policies: policies, key: key, checkpoint: text(.checkpoint),
            record: reader.bool(forKey: ConfigKey([Settings.Key.record.rawValue])) ?? false,
            signingKey: text(.signingKey), failOn: failOn, reports: reports,
            witnesses: texts(.witnesses))
    }
}
