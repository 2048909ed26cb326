// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension ExitStatus {
    /// The status of a command that failed with a diagnostic of that code.
    ///
    /// A code that nobody placed here is a fault of the program, and says so: an error that escapes
    /// is never mistaken for a finding.
    public init(diagnosticCode code: String) {
        let exact: [String: ExitStatus] = [
            "CLI101": .internalFailure, "CLI102": .usage, "CLI103": .noInput,
            "CLI104": .noPermission, "CLI105": .cannotCreate, "CLI106": .inputOutput,
            "CLI107": .noInput, "CLI108": .usage, "CLI109": .usage, "CLI110": .invalidPolicy,
            "CLI111": .badData, "CLI112": .unavailable, "CLI113": .badData,
            "CLI114": .inputOutput, "CLI115": .badData, "CLI116": .badData,
            "CLI117": .noInput, "CLI118": .noInput, "CLI120": .noPermission,
            "CLI121": .noPermission, "CLI122": .badData, "CLI123": .incomplete, "CLI124": .badData,
            "DIS106": .usage, "DIS107": .usage, "DIS108": .usage, "DIS109": .unavailable,
            "DIS110": .noPermission, "DIS111": .integrityFailure, "DIS112": .noPermission,
            "DIS113": .noPermission, "DIS114": .noPermission, "DIS115": .unavailable,
            "CED132": .badData, "CED133": .badData, "CED134": .badData, "CED204": .badData,
            "CED205": .badData,
            "IDN101": .noInput, "IDN102": .cannotCreate, "IDN103": .badData,
            "IDN104": .noPermission, "IDN105": .noPermission, "IDN106": .badData,
            "IDN107": .badData, "IDN108": .badData, "IDN109": .noPermission,
            "IDN110": .noPermission, "IDN111": .integrityFailure, "IDN112": .badData,
            "IDN113": .inputOutput, "IDN114": .badConfiguration,
            "LOG142": .usage, "LOG143": .incomplete, "LOG144": .integrityFailure,
            "LOG145": .integrityFailure, "LOG146": .integrityFailure,
            "LOG147": .integrityFailure,
            "IDN201": .badConfiguration, "IDN202": .integrityFailure, "IDN203": .noPermission,
            "IDN204": .noPermission, "IDN205": .noPermission, "IDN206": .badData,
            "IDN207": .noPermission, "IDN208": .usage, "IDN209": .unavailable,
            "IDN210": .usage,
            "WIT201": .noInput, "WIT202": .badConfiguration, "WIT203": .integrityFailure,
            "WIT204": .integrityFailure, "WIT206": .badData, "WIT207": .badData,
            "WIT213": .integrityFailure,
            "WIT214": .integrityFailure, "WIT215": .badData, "WIT216": .usage,
            "WIT217": .badData, "WIT219": .cannotCreate, "WIT220": .badData,
            "LOG301": .noInput, "LOG302": .noPermission, "LOG303": .inputOutput,
            "LOG304": .lockHeld, "LOG306": .cannotCreate, "LOG308": .integrityFailure,
            "LOG309": .integrityFailure, "LOG310": .badConfiguration,
            "LOG311": .badConfiguration, "LOG312": .badConfiguration,
            "LOG313": .badData, "LOG314": .noPermission, "LOG315": .integrityFailure,
            "LOG316": .noPermission, "LOG318": .noPermission,
            "LOG319": .noPermission, "LOG320": .usage, "LOG321": .badConfiguration,
            "LOG322": .badConfiguration, "LOG323": .noInput, "LOG324": .badData,
            "REV103": .noPermission, "REV104": .usage, "REV105": .noPermission,
            "REV106": .noInput, "REV107": .invalidPolicy, "REV110": .invalidPolicy,
            "REV108": .noInput,
            "REV109": .integrityFailure,
            "TMP113": .badData, "TMP114": .badData,
            "IMP205": .badData, "IMP206": .usage,
        ]
        let areas: [String: ExitStatus] = [
            "CED": .invalidPolicy, "CFG": .badConfiguration, "DIS": .badData, "REV": .badData,
            "WIT1": .invalidPolicy, "POL": .invalidPolicy, "IMP1": .badData,
            "IMP2": .badConfiguration, "WIT2": .unavailable, "LOG1": .badData,
            "LOG2": .integrityFailure, "TMP": .invalidPolicy, "TPL": .invalidPolicy,
            "TRL1": .invalidPolicy,
            "TRL": .badData, "LOG3": .inputOutput, "EVT": .badData,
        ]
        self =
            exact[code] ?? areas[String(code.prefix(4))] ?? areas[String(code.prefix(3))]
            ?? .internalFailure
    }
}
