// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A folder of corpus tests, with the validator's results in another one.
public struct CorpusFolder {
    private let folder: URL
    private let validation: URL?

    /// Names the folders; a path of a test is looked up from `folder`, then by its last part.
    public init(_ folder: URL, validation: URL? = nil) {
        self.folder = folder
        self.validation = validation
    }

    /// Runs every test of the folder and of those inside it.
    public func run() -> CorpusTally {
        var tally = CorpusTally()
        let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        let files = names.compactMap { $0 as? String }.filter {
            $0.hasSuffix(".json") && !$0.hasSuffix("entities.json")
        }
        for file in files.sorted() {
            guard let text = read(folder.appending(path: file)),
                let test = CorpusCase(name: file, json: text)
            else { continue }
            guard let policies = self.text(at: test.policiesPath),
                let entities = self.text(at: test.entitiesPath),
                let schema = self.text(at: test.schemaPath)
            else {
                tally.differences.append("\(file): a file of the test is missing")
                continue
            }
            let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
            let expected = validation.flatMap {
                read($0.appending(path: "\(stem).validation.json"))
            }
            let texts = CorpusTexts(
                policies: policies, entities: entities, schema: schema, validation: expected)
            tally.run(test, texts)
        }
        return tally
    }

    private func text(at path: String) -> String? {
        read(folder.appending(path: path))
            ?? read(folder.appending(path: URL(fileURLWithPath: path).lastPathComponent))
    }

    // A file that cannot be read is absent; the caller reports it.
    private func read(_ url: URL) -> String? {
        (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) }
    }
}
