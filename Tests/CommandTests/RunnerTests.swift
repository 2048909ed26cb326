// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Conduct
import Diagnostics
import Foundation
import Testing

@Suite struct RunnerTests {
    struct Unforeseen: Error {}

    struct Failing: Verb {

        @OptionGroup var conduct: ConductOptions
        func perform(on console: Console) throws -> Verdict { throw Unforeseen() }
    }

    @Test func anUnexpectedErrorIsAFaultOfTheProgram() throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "errors").path
        try Data().write(to: URL(filePath: path))
        let file = try #require(FileHandle(forWritingAtPath: path))
        let surroundings = Surroundings(
            output: file.fileDescriptor, errors: file.fileDescriptor)
        let verb = try Failing.parse([])
        #expect(Runner.run(verb, surroundings) == .internalFailure)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("error CLI101: unexpected error of type `Unforeseen`"))
    }

    @Test func aReaderThatGoesAwayIsNoError() {
        let console = Console(.table, Surroundings(output: -1, errors: -1))
        #expect(Runner.failed(Console.BrokenPipe(), console) == .brokenPipe)
    }

    @Test(arguments: CommandError.Code.allCases)
    func everyErrorOfTheCommandLineHasAStatus(code: CommandError.Code) {
        let status = ExitStatus(diagnosticCode: code.rawValue)
        #expect((status == .internalFailure) == (code == .unexpected))
    }

    @Test func theWorstStatusWins() {
        #expect(ExitStatus.worst([.findings, .incomplete, .invalidPolicy]) == .invalidPolicy)
        #expect(ExitStatus.worst([.findings, .integrityFailure]) == .integrityFailure)
        #expect(ExitStatus.worst([.findings, .incomplete]) == .incomplete)
        #expect(ExitStatus.worst([.complete, .findings]) == .findings)
        #expect(ExitStatus.worst([]) == .complete)
    }
}
