// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// A log that is not as it was signed, and that nothing is taken into or compared with.
struct DamagedLog: Diagnosable {
    /// The first violation.
    let diagnostic: Diagnostic
}
