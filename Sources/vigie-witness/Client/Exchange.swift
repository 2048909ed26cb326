// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// One question to a server, and its answer: bounded in size and time, never redirected.
final class Exchange: NSObject, URLSessionDataDelegate, Sendable {
    /// What came back.
    struct Answer: Sendable {
        var status = 0
        var contentType = ""
        var body: [UInt8] = []

        /// Whether it says that its body is of a media type, whatever parameters follow (RFC 9110, section 8.3.1).
        func isOf(_ type: String) -> Bool {
            let name = contentType.prefix { $0 != ";" }
            return name.trimmingCharacters(in: .whitespaces).lowercased() == type
        }
    }

    /// The greatest number of bytes of an answer.
    static let byteCountMax = 1 << 20

    private let answer = Mutex(Answer())
    private let failure = Mutex<NoAnswer?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    /// Posts a body.
    ///
    /// - Throws: ``WitnessFault/Code/unreachable`` if no whole answer came within the bounds.
    static func post(
        _ body: [UInt8], to url: String, contentType: String = "text/plain; charset=utf-8"
    ) throws -> Answer {
        guard let place = URL(string: url), let scheme = place.scheme?.lowercased(),
            scheme == "http" || scheme == "https", place.host != nil
        else { throw WitnessFault(.noAddress, from: url) }
        var request = URLRequest(url: place, timeoutInterval: 30)
        request.httpMethod = "POST"
        request.setValue(contentType, forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(body)
        let exchange = Exchange()
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForResource = 60
        let session = URLSession(
            configuration: configuration, delegate: exchange, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        session.dataTask(with: request).resume()
        guard exchange.isDone.wait(timeout: .now() + 70) == .success else {
            throw WitnessFault(.tooLate, from: url)
        }
        if let cause = exchange.failure.withLock({ $0 }) {
            throw WitnessFault(cause, from: url)
        }
        return exchange.answer.withLock { $0 }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        // Whoever was named must answer, and nobody else.
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data
    ) {
        let count = answer.withLock { answer in
            answer.body += data
            return answer.body.count
        }
        guard count > Self.byteCountMax else { return }
        failure.withLock { $0 = .tooLong }
        dataTask.cancel()
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        if let response = task.response as? HTTPURLResponse {
            let type = response.value(forHTTPHeaderField: "Content-Type") ?? ""
            answer.withLock { ($0.status, $0.contentType) = (response.statusCode, type) }
        }
        if let error {
            failure.withLock { $0 = $0 ?? NoAnswer(error) }
        }
        isDone.signal()
    }
}
