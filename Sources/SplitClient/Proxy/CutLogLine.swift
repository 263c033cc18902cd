// SPDX-License-Identifier: Apache-2.0

/// One line of a log of cuts.
///
/// ```text
/// 1 > 200           a segment of connection 1, to the server, ended at byte 200 of the stream
/// 1 < 17            the same to the client
/// 1 > fin 400       the direction ended after 400 bytes; also reset, injected-fin, injected-reset
/// 1 > flush 250     in the file of flushes: a segment ended here because time was up
/// 1 > missed 230    in the file of flushes: the plan's end here was overtaken by that
/// 1 > block 17      in the file of flushes: a segment's end that depends on how bytes were read
/// ```
struct CutLogLine: Equatable {
    enum Event: Equatable {
        case segment
        case flush
        case missed
        case block
        case end(RouteEnd)

        /// The word in the line; a segment has none.
        var word: String? {
            switch self {
            case .segment: nil
            case .flush: "flush"
            case .missed: "missed"
            case .block: "block"
            case .end(let end): end.rawValue
            }
        }

        init?(word: Substring?) {
            switch word {
            case nil: self = .segment
            case "flush": self = .flush
            case "missed": self = .missed
            case "block": self = .block
            case let word?:
                guard let end = RouteEnd(rawValue: String(word)) else { return nil }
                self = .end(end)
            }
        }
    }

    static let header = "splitclient cut log 1\n"

    var connection: Int
    var route: ProxyRoute
    var event: Event
    var offset: Int

    /// With its line feed.
    var text: String {
        let word = event.word.map { $0 + " " } ?? ""
        return "\(connection) \(route.symbol) \(word)\(offset)\n"
    }
}

extension CutLogLine {
    static let expected =
        "CONNECTION > OFFSET or CONNECTION < OFFSET, with fin, reset, injected-fin, "
        + "injected-reset, flush, missed or block before the offset where it is no segment's end"

    /// Reads what `text` writes, without the line feed; `nil` for anything else.
    init?(parsing line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3 || words.count == 4,
            let connection = Self.number(words[0]), connection > 0,
            let route = ProxyRoute.allCases.first(where: { $0.symbol == words[1] }),
            let event = Event(word: words.count == 4 ? words[2] : nil),
            let offset = words.last.flatMap(Self.number)
        else { return nil }
        self.init(connection: connection, route: route, event: event, offset: offset)
    }

    /// Plain digits: `Int` would also take a sign.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
