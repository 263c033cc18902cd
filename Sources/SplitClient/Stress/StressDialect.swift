// SPDX-License-Identifier: Apache-2.0

/// What a stress run has to know of one protocol: how clients come to talk, and what a text looks
/// like on its way out and back.
///
/// Pure: it makes bytes and reads them. Clients are known by their numbers.
protocol StressDialect {
    var borders: MessageBorders { get }
    var audience: StressGroups.Audience { get }
    /// Whether the server confirms each message to its sender (an echo is no confirmation).
    var confirms: Bool { get }
    /// Whether all receivers are to hear all messages in one order, whoever sent them.
    var hasOneOrder: Bool { get }
    /// Whether the server connects back to each client, and delivers there.
    var hasCallback: Bool { get }
    /// Whether a server may say unasked what has the form of an answer to a probe.
    var mayInform: Bool { get }

    /// What a client sends next to be able to talk, after `step` requests; `nil` where it is.
    ///
    /// `port` is where the client listens, for protocols that connect back.
    func request(_ step: Int, of client: Int, port: UInt16) -> EntranceRequest?

    /// What a message from the server means for the request that was sent last.
    func answer(
        _ message: UnsafeRawBufferPointer, to step: Int, of client: Int
    ) -> EntranceAnswer

    /// Appends a message with this text, whole; returns where its content ends before padding or
    /// line feed, counted from where the message begins.
    func write(
        _ text: (inout [UInt8]) -> Void, from sender: Int, to recipient: Int,
        into out: inout [UInt8]
    ) -> Int

    /// What a message from the server is; valid until the next call.
    func read(_ message: UnsafeRawBufferPointer) -> StressMessage

    /// A request whose answer shows that all sent before it was handled.
    func probe(of client: Int) -> [UInt8]
}

extension StressDialect {
    var hasOneOrder: Bool { false }
    var mayInform: Bool { false }
}

/// One request on the way in.
struct EntranceRequest: Equatable, Sendable {
    var bytes: [UInt8]
    var contentLength: Int
    /// The server says nothing to it.
    var isSilent = false
}

enum EntranceAnswer: Equatable, Sendable {
    /// It is about something else.
    case unrelated
    case granted
    case refused
}

/// What a server says while clients talk.
enum StressMessage {
    /// A text, of whom, and whether the server expects a receipt.
    case said(by: UnsafeRawBufferPointer, UnsafeRawBufferPointer)
    /// A message was handled.
    case confirmed
    /// A message was not.
    case refused
    /// What answers a probe.
    case answered
    /// Somebody of this name has come or left.
    case news(PresenceNews.Event, of: UnsafeRawBufferPointer)
    /// It may come, and nothing follows from it.
    case aside
    /// Nothing that a server could have to say now.
    case unknown
}

/// The names of the clients of one run, and of the places where they meet.
///
/// The mark of the run is in them, so that what another run has left on a server is told apart.
struct StressNames: Sendable {
    let names: [[UInt8]]
    private let mark: String
    private let numbers: [[UInt8]: Int]

    /// `mark` should have the same length in each run, so that a seed repeats the cuts.
    init(mark: String, clients: Int) {
        self.init(mark: mark, names: (0..<clients).map { Array("u\(mark)\(Self.digits($0))".utf8) })
    }

    /// Clients with names of their own.
    init(mark: String, names: [[UInt8]]) {
        self.mark = mark
        self.names = names
        numbers = Dictionary(
            names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The number of the client with this name; takes a copy of it.
    func number(of name: UnsafeRawBufferPointer) -> Int? { numbers[Array(name)] }

    /// The channel where the group of a client meets; `start` is the group's first client.
    func channel(startingAt start: Int) -> [UInt8] { Array("c\(mark)\(Self.digits(start))".utf8) }

    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 5 - text.utf8.count)) + text
    }
}
