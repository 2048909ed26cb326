// SPDX-License-Identifier: Apache-2.0

import Conduct
import Diagnostics
import Reporting
import TransparencyLog

/// What a check of evidence ends with.
enum ProofConclusion {
    /// Reads and parses a file, and names it where that fails.
    static func placed<Value>(
        _ path: String, _ parse: ([UInt8]) throws -> Value
    ) throws -> Value {
        let bytes = try TextFile.read(path, byteCountMax: LogProof.byteCountMax)
        do {
            return try parse(bytes)
        } catch let error as any Diagnosable {
            throw PlacedError(error, .file(path))
        }
    }

    static func conclude(
        _ outcome: ProofOutcome, of proof: String, _ note: CheckpointNote,
        _ policy: WitnessPolicy?, _ facts: [(String, JSONNode)], holds sentence: LocalizedText,
        on console: Console
    ) throws -> Verdict {
        let head = note.checkpoint
        let cosigning = policy?.judge(note.note.signatures, over: note.note.text)
        let lack = policy.flatMap { Self.lack($0, cosigning, head) }
        let holds = if case .holds = outcome { lack == nil } else { false }
        let status: ExitStatus = holds ? .complete : .integrityFailure
        if console.format == .json {
            let members: [(String, JSONNode)] =
                [
                    ("holds", .boolean(holds)), ("origin", .string(head.origin)),
                    ("size", .integer(Int64(clamping: head.treeSize))),
                ] + facts
            let cosigned = cosigning.map { cosigning in
                JSONNode.array(cosigning.statements.map { .string($0.witness.key.name) })
            }
            try console.write(
                document: members + (cosigned.map { [("cosigned_by", $0)] } ?? []), status: status,
                isComplete: true)
        }
        switch outcome {
        case .holds:
            guard let lack else { return Verdict(status: status, sentence: sentence) }
            console.diagnose(PlacedError(ProofError(lack), .file(proof)).diagnostic)
            guard lack == .quorumNotMet else {
                return Verdict(
                    status: status,
                    sentence: LocalizedText(
                        fr: "Verdict\u{202F}: la politique n’est PAS celle de ce journal.",
                        en: "Verdict: the policy is NOT one of this log."))
            }
            return Verdict(
                status: status,
                sentence: LocalizedText(
                    fr: """
                        Verdict\u{202F}: les témoins que demande la politique n’ont PAS cosigné cette tête.
                        """,
                    en: """
                        Verdict: the witnesses that the policy asks for have NOT cosigned this head.
                        """))
        case .unknownSignature:
            console.diagnose(PlacedError(NoteError.noKnownSignature, .file(proof)).diagnostic)
            return Verdict(
                status: status,
                sentence: LocalizedText(
                    fr: "Verdict\u{202F}: AUCUNE clé donnée n’a signé cette preuve.",
                    en: "Verdict: NONE of the given keys signed this proof."))
        case .notIncluded:
            console.diagnose(PlacedError(ProofError(.doesNotHold), .file(proof)).diagnostic)
            return Verdict(
                status: status,
                sentence: LocalizedText(
                    fr: "Verdict\u{202F}: la preuve NE tient PAS pour ce qui est donné.",
                    en: "Verdict: the proof does NOT hold for what is given."))
        }
    }

    /// What a proof that holds has not of what a policy asks for.
    private static func lack(
        _ policy: WitnessPolicy, _ cosigning: Cosigning?, _ head: Checkpoint
    ) -> ProofError.Code? {
        // By name: a key of a later epoch is given beside the one that the policy lists.
        let isListed = policy.logs.contains {
            $0.key.name.utf8.elementsEqual(head.origin.utf8)
        }
        if !policy.logs.isEmpty, !isListed { return .unlistedLog }
        guard let cosigning, cosigning.isQuorum, cosigning.invalid.isEmpty else {
            return .quorumNotMet
        }
        return nil
    }
}
