// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Identities

/// The job seeker or employee that a command is about.
struct PersonOptions: ParsableArguments {
    @Option(help: "The pseudonym; else the identifier is read from standard input.")
    var pid: String?

    @Option(help: "With an identifier: adviser or jobseeker.")
    var kind: PersonKind = .jobSeeker

    @Option(help: "With an identifier: the periods to look in; may be given several times.")
    var period: [String] = []

    /// The person's pseudonyms, one at least.
    ///
    /// - Throws: ``IdentityRefusal``, or ``Identities/VaultError/Code/unknownPerson``.
    func pseudonyms(in vault: IdentityVault) throws -> [Pseudonym] {
        if let pid {
            guard let pseudonym = Pseudonym(pid) else { throw VaultError(.unknownPerson, pid) }
            return [pseudonym]
        }
        let text = String(
            decoding: try TextFile.read("/dev/stdin", byteCountMax: 1 << 12), as: UTF8.self)
        guard let identifier = text.split(whereSeparator: \.isNewline).first, !period.isEmpty
        else { throw IdentityRefusal(.nobody) }
        // The same trimming as when the person was enrolled.
        let name = try PersonIdentity(identifier: String(identifier), name: "-").identifier
        let found = try period.compactMap {
            try vault.knownPseudonym(of: name, kind, period: $0)
        }
        guard !found.isEmpty else { throw VaultError(.unknownPerson) }
        return found
    }
}
