// SPDX-License-Identifier: Apache-2.0

/// The name and the version that this program gives itself in what it writes.
public enum Product {
    /// The name.
    public static let name = "Vigie"
    /// The version.
    public static let version = "0.1.0"
}
