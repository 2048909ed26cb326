// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import TransparencyLog

/// The keys that evidence is checked with, and the witnesses that must have seen it.
struct ProofKeys: ParsableArguments {
    @Option(
        name: .customLong("key"), parsing: .singleValue,
        help: ArgumentHelp(
            fr: """
                Une clé de vérification du journal, ou @FICHIER qui la contient\u{202F}; plusieurs \
                fois si la clé du journal a changé.
                """,
            en: """
                A verification key of the log, or @FILE that holds it; may be repeated, for a log \
                whose key was changed.
                """))
    var texts: [String] = []

    @Option(
        help: ArgumentHelp(
            fr: """
                Le fichier de la politique\u{202F}: les journaux auxquels vous vous fiez, et les témoins \
                dont il faut les cosignatures (C2SP `tlog-policy`).
                """,
            en: """
                The file of the policy: the logs that you trust, and the witnesses that must have \
                cosigned (C2SP `tlog-policy`).
                """), completion: .file())
    var policy: String?

    func validate() throws {
        guard !texts.isEmpty || policy != nil else {
            throw UsageError(
                fr: "donnez `--key`, ou `--policy` avec des lignes `log`",
                en: "give `--key`, or `--policy` with `log` lines")
        }
    }

    func trust() throws -> ProofTrust {
        let policy = try policy.map { try PolicyFile.read($0) }
        let keys = try keys() + (policy?.logs.map(\.key) ?? [])
        guard !keys.isEmpty else {
            throw UsageError(
                fr: "la politique ne nomme aucun journal\u{202F}: donnez aussi `--key`",
                en: "the policy names no log: give `--key` too")
        }
        return ProofTrust(keys: keys, policy: policy)
    }

    private func keys() throws -> [LogVerificationKey] {
        try texts.map { text in
            guard text.hasPrefix("@") else { return try Self.parse(text, .nowhere) }
            let path = String(text.dropFirst())
            let bytes = try TextFile.read(path, byteCountMax: 1 << 16)
            let line = String(decoding: bytes, as: UTF8.self)
                .split(whereSeparator: \.isNewline).first
            return try Self.parse(String(line ?? ""), .file(path))
        }
    }

    private static func parse(_ text: String, _ place: Place) throws -> LogVerificationKey {
        do {
            return try LogVerificationKey(parsing: text)
        } catch {
            throw PlacedError(error, place)
        }
    }
}

/// Whom the reader of a proof trusts.
struct ProofTrust {
    var keys: [LogVerificationKey]
    /// The witnesses that must have cosigned; nil to ask for none.
    var policy: WitnessPolicy?
}
