// SPDX-License-Identifier: Apache-2.0

/// A reason why something is no time stamp (RFC 3161), or is none of what it should stamp.
public enum TimestampFailure: String, Error, CaseIterable, Hashable, Sendable {
    /// The bytes are not a time-stamp response in DER, to the last byte.
    case malformed
    /// The authority refused, or granted something else than what was asked.
    case notGranted
    /// The token stamps other bytes.
    case wrongImprint
    /// The token answers another request.
    case wrongNonce
    /// The signature is not the authority's, or not over this token.
    case invalidSignature
    /// No chain of certificates leads to one of the given roots.
    case untrusted
    /// A certificate of the chain is not for time stamping, and for nothing else.
    case wrongPurpose
    /// A certificate of the chain was not valid when the token was made.
    case outOfValidity
    /// A key or a digest of the chain is too weak to be believed.
    case weakAlgorithm
    /// A file of roots that holds no certificate, or something else besides.
    case malformedRoots
}
