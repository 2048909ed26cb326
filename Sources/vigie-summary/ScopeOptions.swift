// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Disclosure

/// What a body asks to see, and the policies that say whether it may.
struct ScopeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            fr: "Le dossier de politiques.",
            en: "The folder of policies."))
    var policies: String

    @Option(
        help: ArgumentHelp(
            fr: "Ce qui est demandé\u{202F}: `all`, ou `region:CODE`.",
            en: "What is asked: all, or region:CODE."))
    var perimeter: String

    @Option(
        help: ArgumentHelp(
            fr: "La période, comme le dit `vigie summary menu`.",
            en: "The period, as `vigie summary menu` says."))
    var period: String

    /// The perimeter.
    func asked() throws -> Perimeter { try Perimeter(parsing: perimeter) }

    /// The period.
    func when() throws -> ReportingPeriod { try ReportingPeriod(parsing: period) }
}
