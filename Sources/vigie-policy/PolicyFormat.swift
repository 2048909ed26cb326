// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Cedar
import Conduct
import Diagnostics
import Reporting

/// Lays out policies and schemas in one way.
struct PolicyFormat: Verb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "fmt",
            abstract: LocalizedText(
                fr: """
                    Mettre en forme politiques et schémas\u{202F}: montre le résultat, ou contrôle, ou \
                    écrit.
                    """,
                en: "Lay out policies and schemas: prints the result, or checks, or writes."))
    }

    @OptionGroup var conduct: ConductOptions

    @Argument(
        help: ArgumentHelp(
            fr: "Des fichiers .cedar ou .cedarschema, ou des dossiers qui en contiennent.",
            en: "Files .cedar or .cedarschema, or folders that hold some."))
    var paths: [String]

    @Flag(
        help: ArgumentHelp(
            fr: "Ne rien écrire\u{202F}: code 1 si un fichier n’est pas en forme.",
            en: "Write nothing: 1 if a file is not laid out so."))
    var check = false

    @Flag(
        help: ArgumentHelp(
            fr: "Écrire les fichiers sur place.",
            en: "Write the files in place."))
    var write = false

    @Flag(
        help: ArgumentHelp(
            fr: "Avec --write, dire ce qui serait écrit.",
            en: "With --write, say what would be written."))
    var dryRun = false

    func validate() throws {
        guard !(check && write) else {
            throw UsageError.exclusive("--check", "--write")
        }
        guard write || !dryRun else {
            throw UsageError(
                fr: "`--dry-run` va avec `--write`", en: "`--dry-run` goes with `--write`")
        }
    }

    private struct Page {
        let path: String
        let text: String
        let isChanged: Bool
    }

    func perform(on console: Console) throws -> Verdict {
        let pages = try pages()
        let changed = pages.filter(\.isChanged)
        if write, !dryRun {
            for page in changed { try TextFile.write(page.text, to: page.path) }
        }
        let status: ExitStatus =
            pages.isEmpty ? .incomplete : check && !changed.isEmpty ? .findings : .complete
        if console.format == .json {
            try console.write(document(pages, status).rendered())
        } else if check || write {
            for page in changed { try console.write(VisibleText(page.path).text + "\n") }
        } else {
            for page in pages { try console.write(page.text) }
        }
        return Verdict(
            status: status, sentence: sentence(pages.count, changed.count),
            outputIsData: !check && !write)
    }

    /// Every file is read and laid out before the first one is written.
    private func pages() throws -> [Page] {
        var pages: [Page] = []
        for path in paths {
            for file in try PolicyFiles.files(at: path, endings: [".cedar", ".cedarschema"]) {
                let text = try DecisionOptions.readText(file)
                let laidOut =
                    file.hasSuffix(".cedarschema")
                    ? try SchemaFormatter.format(text, file: file)
                    : try PolicyFormatter.format(text, file: file)
                let isChanged = !laidOut.utf8.elementsEqual(text.utf8)
                pages.append(Page(path: file, text: laidOut, isChanged: isChanged))
            }
        }
        return pages
    }

    private func sentence(_ count: Int, _ changed: Int) -> LocalizedText {
        if write, !dryRun {
            return LocalizedText(
                fr: "Verdict\u{202F}: \(changed) fichier(s) sur \(count) réécrit(s).",
                en: "Verdict: \(changed) of \(count) file(s) written.")
        }
        return LocalizedText(
            fr: "Verdict\u{202F}: \(changed) fichier(s) sur \(count) à mettre en forme.",
            en: "Verdict: \(changed) of \(count) file(s) to lay out.")
    }

    private func document(_ pages: [Page], _ status: ExitStatus) -> JSONNode {
        .object([
            ("schema_version", .integer(1)), ("exit_code", .integer(Int64(status.rawValue))),
            ("complete", .boolean(!pages.isEmpty)),
            (
                "files",
                .array(
                    pages.map {
                        .object([
                            ("path", .string($0.path)), ("laid_out", .boolean(!$0.isChanged)),
                        ])
                    })
            ),
        ])
    }
}
