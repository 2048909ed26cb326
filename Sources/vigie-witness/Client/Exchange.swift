// SPDX-License-Identifier: Apache-2.0

import Reporting

/// Questions to servers, each bounded in size and time, and never redirected: whoever was named must
/// answer, and nobody else.
struct Exchange: Sendable {
    /// What came back.
    struct Answer: Sendable {
        var status = 0
        var contentType = ""
        var body: [UInt8] = []

        /// Whether it says that its body is of a media type, whatever parameters follow (RFC 9110, section 8.3.1).
        func isOf(_ type: String) -> Bool {
            let name = contentType.prefix { $0 != ";" }
            return name.lowercased().split(separator: " ") == [type[...]]
        }
    }

    /// The greatest number of bytes of an answer's body.
    static let byteCountMax = 1 << 20

    /// How long a whole answer may take to come.
    let seconds: Int
    /// The file of the roots that servers are believed under, in PEM; nil for those of the system.
    let roots: String?

    /// Checks that an address is one that can be asked; nobody is.
    ///
    /// - Throws: ``WitnessFault/Code/unreachable`` if it is not.
    func check(_ url: String) throws {
        do throws(NoAnswer) {
            _ = try Transfer(to: url, seconds: seconds, byteCountMax: Self.byteCountMax)
        } catch {
            throw WitnessFault(error, from: url)
        }
    }

    /// Posts a body.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - url: Where to.
    ///   - contentType: The body's media type.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``WitnessFault/Code/unreachable`` if no whole answer came within the bounds.
    func post(
        _ body: [UInt8], to url: String, contentType: String = "text/plain; charset=utf-8"
    ) throws -> Answer {
        do throws(NoAnswer) {
            let transfer = try Transfer(
                to: url, seconds: seconds, byteCountMax: Self.byteCountMax)
            if let roots { try transfer.believe(underRootsOf: roots) }
            return try transfer.post(
                body,
                headers: [
                    "Content-Type: \(contentType)",
                    "User-Agent: \(Product.name)/\(Product.version)",
                    // Nothing is so long that a server should be asked first whether it wants it.
                    "Expect:",
                ])
        } catch {
            throw WitnessFault(error, from: url)
        }
    }
}
