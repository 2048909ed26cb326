// SPDX-License-Identifier: Apache-2.0

import Cryptography
import Foundation
import Testing

/// Time stamps (RFC 3161), made by `openssl ts`.
@Suite struct TimestampTokenTests {
    let authority: StampingAuthority
    let roots: TimestampRoots
    let imprint = SHA256Hasher().hash(Array("vigie".utf8))

    init() throws {
        authority = try StampingAuthority()
        roots = try authority.roots()
    }

    private func failure(_ body: () throws -> Void) -> TimestampFailure? {
        do {
            try body()
            return nil
        } catch { return error as? TimestampFailure }
    }

    @Test func anAuthorityTakesTheRequestAndItsAnswerHolds() throws {
        let request = try TimestampRequest(imprint: imprint)
        let token = try TimestampToken(parsing: authority.answer(request.bytes))
        let signer = try token.verify(answering: request, roots: roots)
        #expect(signer.name == "CN=Autorité tsa,O=Essai")
        #expect(token.nonce == request.nonce && token.imprint == imprint)
        #expect(token.policy == "1.2.3.4.1" && token.accuracy == 1_021)
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        #expect(abs(now - token.time) < 60_000)
        // The certificate ends in 3,650 days; it was made seconds ago.
        #expect(abs(signer.endsAt - now - 3_650 * 86_400_000) < 120_000)
        #expect(
            failure { _ = try token.verify(imprint: .zero, roots: roots) } == .wrongImprint)
        let other = try TimestampRequest(imprint: imprint)
        #expect(other.nonce != request.nonce)
        #expect(
            failure { _ = try token.verify(answering: other, roots: roots) } == .wrongNonce)
    }

    @Test func whoIsNoAuthorityIsNotBelieved() throws {
        let request = try TimestampRequest(imprint: imprint)
        func judge(_ answer: [UInt8], _ roots: TimestampRoots) throws -> TimestampFailure? {
            failure {
                _ = try TimestampToken(parsing: answer).verify(imprint: imprint, roots: roots)
            }
        }
        let good = try authority.answer(request.bytes)
        #expect(try judge(good, roots) == nil)
        #expect(try judge(good, authority.roots("autre.pem")) == .untrusted)
        // Whoever is named directly is trusted as it is.
        #expect(try judge(good, authority.roots("tsa.pem")) == nil)
        #expect(try judge(authority.answer(request.bytes, by: .old), roots) == .outOfValidity)
        let web = try authority.answer(request.bytes, signedAgainBy: .web)
        #expect(try judge(web, roots) == .wrongPurpose)
        // The way round by which the last one was made leads to a good one too.
        #expect(try judge(authority.answer(request.bytes, signedAgainBy: .tsa), roots) == nil)
        try authority.shell("openssl ts -query -digest \(imprint.hex) -sha256 -out request")
        let bare = Array(try Data(contentsOf: URL(filePath: authority.folder.path("request"))))
        // Asked without a certificate, an answer cannot be verified offline.
        #expect(try judge(authority.answer(bare), roots) == .invalidSignature)
    }

    /// Every byte, changed in three ways: nothing of an answer may be another and still hold.
    @Test func noByteMayChange() throws {
        let request = try TimestampRequest(imprint: imprint)
        let answer = try authority.answer(request.bytes)
        var kinds: [TimestampFailure: Int] = [:]
        for index in answer.indices {
            for mask: UInt8 in [0x01, 0x20, 0xFF] {
                var changed = answer
                changed[index] ^= mask
                let found = failure {
                    let token = try TimestampToken(parsing: changed)
                    _ = try token.verify(answering: request, roots: roots)
                }
                #expect(found != nil, "byte \(index) of \(answer.count), mask \(mask)")
                kinds[found ?? .malformed, default: 0] += 1
            }
        }
        #expect(kinds.values.reduce(0, +) == answer.count * 3)
        #expect(kinds[.invalidSignature] != nil && kinds[.malformed] != nil, "\(kinds)")
    }

    @Test func lengthsAndNoiseAreRefused() throws {
        let answer = try authority.answer(TimestampRequest(imprint: imprint).bytes)
        for count in 0..<answer.count {
            #expect(failure { _ = try TimestampToken(parsing: Array(answer[..<count])) } != nil)
        }
        #expect(failure { _ = try TimestampToken(parsing: answer + [0]) } == .malformed)
        #expect(failure { _ = try TimestampToken(parsing: answer + answer) } == .malformed)
        // A refusal, with and without words; and "granted" without a token.
        let refused: [UInt8] = [0x30, 9, 0x30, 7, 2, 1, 2, 3, 2, 5, 0x20]
        #expect(failure { _ = try TimestampToken(parsing: refused) } == .notGranted)
        let empty: [UInt8] = [0x30, 5, 0x30, 3, 2, 1, 0]
        #expect(failure { _ = try TimestampToken(parsing: empty) } == .malformed)
        var numbers = SeededNumbers(state: 3)
        for _ in 0..<2_000 {
            var noise = answer
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                let place = Int.random(in: noise.indices, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: noise[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: noise.remove(at: place)
                default: noise.insert(UInt8.random(in: 0...255, using: &numbers), at: place)
                }
            }
            guard noise != answer else { continue }
            let found = failure {
                _ = try TimestampToken(parsing: noise).verify(imprint: imprint, roots: roots)
            }
            #expect(found != nil, "\(noise)")
        }
    }

    @Test func rootsAreCertificatesAndNothingElse() throws {
        let pem = Array(try Data(contentsOf: URL(filePath: authority.rootsPath)))
        #expect(try TimestampRoots(pem: pem + pem).count == 2)
        let wrongs: [[UInt8]] = [[], Array("text\n".utf8), Array(pem.dropLast(40)), [0, 255]]
        for wrong in wrongs {
            #expect(failure { _ = try TimestampRoots(pem: wrong) } == .malformedRoots)
        }
        var broken = pem + pem
        broken[pem.count + 40] = UInt8(ascii: "!")
        #expect(failure { _ = try TimestampRoots(pem: broken) } == .malformedRoots)
    }
}
