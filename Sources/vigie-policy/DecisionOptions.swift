// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Auditing
import Cedar
import CedarAnalysis
import Conduct
import Diagnostics
import Glibc

/// The options that say which request is decided, by which policies, on which data.
struct DecisionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: """
                Les politiques\u{202F}: un fichier .cedar, un ensemble .json, ou un dossier\u{202F}; \
                plusieurs fois au besoin.
                """,
            en: "Policies: a .cedar file, a .json policy set, or a folder; may be repeated."))
    var policies: [String]

    @Option(
        help: ArgumentHelp(
            fr: "Les entités, en JSON.",
            en: "The entities, as JSON."))
    var entities: String?

    @Option(
        help: ArgumentHelp(
            fr: """
                Le schéma, .cedarschema ou .json\u{202F}: les entités et la demande doivent s’y \
                conformer\u{202F}; celui de l’ensemble de politiques, si son dossier est seul \
                donné.
                """,
            en: """
                The schema, .cedarschema or .json: entities and request must conform to it; that \
                of a policy set, where its folder is given alone.
                """))
    var schema: String?

    @Option(
        help: ArgumentHelp(
            fr: "Qui demande, comme `User::\"alice\"`.",
            en: "Who asks, as in 'User::\"alice\"'."))
    var principal: String?

    @Option(
        help: ArgumentHelp(
            fr: "Ce qui est à faire, comme `Action::\"view\"`.",
            en: "What is to be done, as in 'Action::\"view\"'."))
    var action: String?

    @Option(
        help: ArgumentHelp(
            fr: "Sur quoi, comme `Photo::\"1\"`.",
            en: "To what, as in 'Photo::\"1\"'."))
    var resource: String?

    @Option(
        help: ArgumentHelp(
            fr: "Le contexte, en JSON.",
            en: "The context, as JSON."))
    var context: String?

    @Option(
        help: ArgumentHelp(
            fr: "La demande entière en JSON\u{202F}: principal, action, resource et context.",
            en: "The whole request as JSON: principal, action, resource and context."))
    var requestJSON: String?

    func validate() throws {
        let parts = [principal, action, resource]
        let isWhole = requestJSON != nil
        let given = parts.compactMap { $0 }.count + (context == nil ? 0 : 1)
        guard isWhole ? given == 0 : parts.allSatisfy({ $0 != nil }) else {
            throw UsageError(
                fr: "donnez `--principal`, `--action` et `--resource`, ou `--request-json` seul",
                en: "give `--principal`, `--action` and `--resource`, or `--request-json` alone")
        }
    }

    /// A question with everything it is decided by.
    struct Question {
        let policies: PolicySet
        let entities: Entities
        let request: Request
        /// Whether the policies are those of a policy set's folder.
        let isPolicySet: Bool

        /// How conditions are said: the terms are those of the facts that an audit gives to a set.
        var words: ConditionWords {
            ConditionWords(glossary: isPolicySet ? FactGlossary.terms : [:])
        }
    }

    /// Reads all the files, and checks the data against the schema if there is one.
    func question() throws -> Question {
        let own = policies.count == 1 ? try PolicyFiles.ownSchema(ofSet: policies[0]) : nil
        let schema = try (self.schema ?? own).map(Self.readSchema)
        let text = try entities.map(Self.readText)
        let entities = try InputFailure.answering(.badData) {
            let entities = try Entities(
                json: text ?? "[]", schema: schema, file: self.entities ?? "entities")
            try schema?.validate(entities)
            return entities
        }
        let request = try InputFailure.answering(.badData) {
            let request = try readRequest(schema)
            try schema?.validate(request)
            return request
        }
        return Question(
            policies: try Self.readPolicies(policies), entities: entities, request: request,
            isPolicySet: own != nil)
    }

    private func readRequest(_ schema: Schema?) throws -> Request {
        if let path = requestJSON {
            return try Request(json: try Self.readText(path), schema: schema, file: path)
        }
        let action = try Self.entity(action ?? "", of: "--action")
        let text = try context.map(Self.readText)
        return Request(
            principal: try Self.entity(principal ?? "", of: "--principal"), action: action,
            resource: try Self.entity(resource ?? "", of: "--resource"),
            context: try Record(
                json: text ?? "{}", schema: schema, action: action, file: context ?? "context"))
    }

    /// The entity that an option names.
    static func entity(_ text: String, of option: String) throws -> EntityUID {
        try InputFailure.answering(.usage) { try EntityUID(parsing: text, file: option) }
    }

    static func readText(_ path: String) throws -> String {
        let bytes = try TextFile.read(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(code: .notText, place: .file(path))
        }
        return text
    }

    static func readSchema(_ path: String) throws -> Schema {
        let text = try readText(path)
        return path.hasSuffix(".json")
            ? try Schema(json: text, file: path) : try Schema(parsing: text, file: path)
    }

    static func readPolicies(_ paths: [String]) throws -> PolicySet {
        let isJSON = paths.count == 1 && paths[0].hasSuffix(".json")
        if isJSON { return try PolicySet(json: try readText(paths[0]), file: paths[0]) }
        var files: [(file: String, text: String)] = []
        for path in paths {
            for file in try PolicyFiles.files(at: path, endings: [".cedar"]) {
                files.append((file, try readText(file)))
            }
        }
        return try PolicySet(parsing: files)
    }
}

/// The files that a path of the command line stands for.
enum PolicyFiles {
    /// The file itself, or those of a folder with one of the endings, in the order of their paths.
    static func files(at path: String, endings: [String]) throws -> [String] {
        guard try isFolder(path) else { return [path] }
        let files = try FolderReader.policyArchive(path).files.map(\.path)
        return files.filter { file in endings.contains { file.hasSuffix($0) } }
            .map { "\(path)/\($0)" }
    }

    /// The schema of a policy set, if the path is the folder of one.
    static func ownSchema(ofSet path: String) throws -> String? {
        guard try isFolder(path) else { return nil }
        let paths = try FolderReader.policyArchive(path).files.map(\.path)
        let schemas = paths.filter { $0.hasSuffix(".cedarschema") }
        guard paths.contains("policy-set.yaml"), schemas.count == 1 else { return nil }
        return "\(path)/\(schemas[0])"
    }

    private static func isFolder(_ path: String) throws -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw SystemFailure.reading(path, errno) }
        return status.st_mode & S_IFMT == S_IFDIR
    }
}
