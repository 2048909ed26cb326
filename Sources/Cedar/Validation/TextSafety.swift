// SPDX-License-Identifier: Apache-2.0

/// Looks for texts in policies that may mislead a reader: hidden directions, letters of several
/// scripts, and characters that no identifier should have.
///
/// Scripts are those of Unicode's Script_Extensions; a text is of a single script as UTS 39,
/// section 5.1, says. An identifier's characters are those of UTS 39's general security profile
/// as far as they follow from other properties: the profile's own lists of uncommon and obsolete
/// letters are not applied.
struct TextSafety {
    /// A text of a policy, and whether it is a name.
    struct Finding {
        let text: String
        let isName: Bool
        let span: SourceSpan
    }

    private var scripts = ScriptTest()

    /// The warnings on one policy.
    mutating func warnings(_ policy: Policy) -> [ValidationError] {
        var findings: [Finding] = []
        policy.conditionExpression.visit { $0.collectTexts(into: &findings) }
        var seen: Set<ValidationError> = []
        var warnings: [ValidationError] = []
        for finding in findings {
            guard let (code, facts) = fault(finding) else { continue }
            let warning = ValidationError(
                code: code, policyID: policy.id, span: finding.span, facts: facts)
            if seen.insert(warning).inserted { warnings.append(warning) }
        }
        return warnings
    }

    private mutating func fault(
        _ finding: Finding
    ) -> (code: ValidationError.Code, facts: [String])? {
        let scalars = finding.text.unicodeScalars
        if scalars.contains(where: Self.isDirection) {
            return (finding.isName ? .directedName : .directedText, [finding.text])
        }
        if finding.isName, let hidden = scalars.first(where: { !Self.isAdmitted($0) }) {
            let shown = scalars.map { StringEscapes.escaped($0) }.joined()
            return (.confusableName, [shown, StringEscapes.escaped(hidden)])
        }
        // ASCII has one script.
        guard !scalars.allSatisfy(\.isASCII), !scripts.isSingle(finding.text) else { return nil }
        return (finding.isName ? .mixedName : .mixedText, [finding.text])
    }

    /// The characters that change the direction of what follows.
    private static func isDirection(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    /// Punctuation that UTS 39 admits in identifiers.
    private static let inclusions: Set<UInt32> = [
        0xB7, 0x375, 0x58A, 0x5F3, 0x5F4, 0x6FD, 0x6FE, 0xF0B, 0x200C, 0x200D, 0x2010, 0x2019,
        0x2027, 0x30A0, 0x30FB,
    ]

    private static func isAdmitted(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
        if inclusions.contains(scalar.value) { return true }
        let properties = scalar.properties
        guard properties.isXIDContinue, !properties.isDefaultIgnorableCodePoint else {
            return false
        }
        guard properties.changesWhenNFKCCaseFolded else { return true }
        // What only the change of case changes is kept by normalisation.
        let lower = properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 && lower.first != scalar
            && lower.first?.properties.changesWhenNFKCCaseFolded == false
    }
}

/// Tells whether all letters of a text can be of one script.
struct ScriptTest {
    /// The scripts of Unicode 16 but Common and Inherited, by their four-letter codes.
    private static let codes = """
        Adlm Aghb Ahom Arab Armi Armn Avst Bali Bamu Bass Batk Beng Bhks Bopo Brah Brai Bugi Buhd \
        Cakm Cans Cari Cham Cher Chrs Copt Cpmn Cprt Cyrl Deva Diak Dogr Dsrt Dupl Egyp Elba Elym \
        Ethi Geor Glag Gong Gonm Goth Gran Grek Gujr Guru Hano Hatr Hebr Hluw Hmng Hmnp Hung Ital \
        Java Kali Khar Khmr Khoj Kits Knda Kthi Lana Laoo Latn Lepc Limb Lina Linb Lisu Lyci Lydi \
        Mahj Maka Mand Mani Marc Medf Mend Merc Mero Mlym Modi Mong Mroo Mtei Mult Mymr Nand Narb \
        Nbat Newa Nkoo Nshu Ogam Olck Orkh Orya Osge Osma Ougr Palm Pauc Perm Phag Phli Phlp Phnx \
        Plrd Prti Rjng Rohg Runr Samr Sarb Saur Sgnw Shaw Shrd Sidd Sind Sinh Sogd Sogo Sora Soyo \
        Sund Sylo Syrc Tagb Takr Tale Talu Taml Tang Tavt Telu Tfng Tglg Thaa Thai Tibt Tirh Tnsa \
        Toto Ugar Vaii Vith Wara Wcho Xpeo Xsux Yezi Yiii Zanb Kawi Nagm
        """.split(separator: " ").map { [String($0)] }
    /// The writing systems that use several scripts: Japanese, Korean, and Han with Bopomofo.
    private static let systems = [
        ["Hani", "Hira", "Kana"], ["Hani", "Hang"], ["Hani", "Bopo"], ["Latn"],
    ]

    private var patterns: [Regex<AnyRegexOutput>]?

    mutating func isSingle(_ text: String) -> Bool {
        let tests = patterns ?? (Self.systems.reversed() + Self.codes).compactMap(Self.pattern)
        patterns = tests
        return tests.contains { test in
            // A pattern of character classes cannot fail to run.
            (try? test.wholeMatch(in: text)) ?? nil != nil
        }
    }

    private static func pattern(_ scripts: [String]) -> Regex<AnyRegexOutput>? {
        let classes = (scripts + ["Zyyy", "Zinh"]).map { "\\p{scx=\($0)}" }.joined()
        // A script that this system's tables do not know has no letters there either.
        return (try? Regex("[\(classes)]*"))?.matchingSemantics(.unicodeScalar)
    }
}

extension Expression {
    /// The texts directly in this expression.
    fileprivate func collectTexts(into findings: inout [TextSafety.Finding]) {
        func add(_ text: String, isName: Bool) {
            findings.append(TextSafety.Finding(text: text, isName: isName, span: span))
        }
        switch kind {
        case .literal(.string(let text)): add(text, isName: false)
        case .literal(.entity(let uid)): add(uid.id, isName: true)
        case .attribute(_, let name): add(name, isName: true)
        case .has(_, let names): for name in names { add(name, isName: true) }
        case .like(_, let pattern):
            add(pattern.body, isName: false)
        case .record(let fields): for field in fields { add(field.key, isName: true) }
        default: return
        }
    }
}
