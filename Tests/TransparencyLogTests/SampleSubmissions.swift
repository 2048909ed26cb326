// SPDX-License-Identifier: Apache-2.0

import Cryptography
import TransparencyLog

/// A key that is the same in every run.
func sampleKey(_ number: UInt8 = 1) throws -> LogSigningKey {
    try LogSigningKey(
        name: "vigie.example/test", key: SigningKey(seed: [UInt8](repeating: number, count: 32)))
}

let sampleTime: Int64 = 1_772_438_400_000

/// An access as an adviser's tool submits it.
func sampleSubmission(_ number: Int, type: String = "profile.view") -> String {
    """
    {"actor":{"account_kind":"pro","establishment":"75-012","pid":"A0123456789ab","region":"75",\
    "role":"CONS_PRO","unit":"FTPRO"},"categories":["CO","CV"],"id":"e-\(number)",\
    "occurred_at":"\(Timestamp.format(sampleTime + Int64(number) * 1_000))",\
    "offer_ref":"OF-\(number)","outcome":"done","purpose":"P3-PROMOTION","source":"portail",\
    "source_seq":\(number),"subject":{"pid":"P00000000cafe"},"type":"\(type)","v":1}
    """
}

/// A log with entries 1 to `count` after its opening, signed.
func sampleLog(count: Int, keep: [Int] = []) throws -> MemoryLog {
    var log = try MemoryLog(key: sampleKey(), openedAt: sampleTime)
    for number in 1..<max(1, count) {
        try log.append(sampleSubmission(number), recordedAt: sampleTime + Int64(number) * 1_000)
        if keep.contains(number + 1) { try log.sign(keep: true) }
    }
    try log.sign()
    return log
}

func sampleVerifier() throws -> LogVerifier {
    LogVerifier(keys: [try sampleKey().verificationKey])
}
