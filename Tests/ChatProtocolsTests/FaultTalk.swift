// SPDX-License-Identifier: Apache-2.0

import ChatProtocols
import Testing

/// A talk that touches everything, held with the right server and with such as have a fault.
struct FaultTalk<Heard: Equatable & Sendable>: Sendable {
    private let chat: ChatProtocol
    private let configuration: ServerConfiguration
    /// What is heard in it, step by step.
    private let hold: @Sendable (any ChatServer) -> [Heard]
    private let heardRight: [Heard]

    init(
        _ chat: ChatProtocol,
        _ configuration: ServerConfiguration = ServerConfiguration(),
        hold: @escaping @Sendable (any ChatServer) -> [Heard]
    ) {
        self.chat = chat
        self.configuration = configuration
        self.hold = hold
        heardRight = hold(chat.makeServer(configuration))
    }

    /// Whether all is heard as with the right server.
    ///
    /// For `#expect`, which would print two whole talks.
    func isRight(with server: any ChatServer) -> Bool { hold(server) == heardRight }

    func isRightAgain() -> Bool { isRight(with: chat.makeServer(configuration)) }

    func isRight(withFault name: String) throws -> Bool {
        let fault = try #require(chat.fault(named: name))
        return isRight(with: fault.makeServer(configuration))
    }
}
