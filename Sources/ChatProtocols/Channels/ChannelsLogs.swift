// SPDX-License-Identifier: Apache-2.0

/// How much of the log others may fill: so many lines each in a second, and then a number.
struct ChannelsLogs: Sendable {
    private struct Second: Sendable {
        let end: Int64
        var lines = 0
        var leftOut = 0
    }

    /// Who causes lines: connections that are no links do so together, as anyone can have many.
    enum Source: Hashable, Sendable {
        case peer([UInt8])
        case entry(ChannelsPeerEntry)
        case unknown
    }

    private var seconds: [Source: Second] = [:]
    /// When the first second is over in which something was left out.
    private(set) var due: Int64?

    private static let second: Int64 = 1_000_000_000

    /// Whether a line about someone is written now; if not it is counted.
    mutating func admits(_ who: Source, at now: Int64) -> Bool {
        if seconds.count > 256 { forgetPast(now) }
        var second = seconds[who] ?? Second(end: now + Self.second)
        if second.end <= now, second.leftOut == 0 { second = Second(end: now + Self.second) }
        let isAdmitted = second.lines < Limits.channelsLogLines
        if isAdmitted {
            second.lines += 1
        } else {
            second.leftOut += 1
            due = min(due ?? second.end, second.end)
        }
        seconds[who] = second
        return isAdmitted
    }

    /// Of whom how many lines were left out in a second that is over.
    mutating func takeLeftOut(at now: Int64) -> [(source: Source, count: Int)] {
        guard let due, due <= now else { return [] }
        let over = seconds.filter { $0.value.end <= now }
        for source in over.keys { seconds[source] = nil }
        self.due = seconds.values.filter { $0.leftOut > 0 }.map(\.end).min()
        return over.filter { $0.value.leftOut > 0 }.map { ($0.key, $0.value.leftOut) }
    }

    private mutating func forgetPast(_ now: Int64) {
        seconds = seconds.filter { $0.value.end > now || $0.value.leftOut > 0 }
    }
}

/// Whom a line of the log is about.
enum ChannelsLogSubject: Hashable {
    case peer([UInt8])
    /// A connection that is a link, or wants to be one.
    case link(ConnectionID)
    /// A connection that is no link.
    case client(ConnectionID)
    case entry(ChannelsPeerEntry)
}

/// What is logged: something that another server does, and that is not done.
extension ChannelsServer {
    /// Logs a reason and, where there is something to be seen, how it begins.
    mutating func log(
        _ subject: ChannelsLogSubject,
        _ reason: @autoclosure () -> String,
        quoting words: @autoclosure () -> [UInt8]? = nil,
        into effects: inout EffectBuffer
    ) {
        let source = source(of: subject)
        guard federation.logs.admits(source, at: federation.now) else { return }
        effects.payloads += Array("\(shown(subject)): \(reason())".utf8)
        if let words = words() {
            effects.payloads.append(": \"")
            effects.payloads += words.prefix(Limits.channelsLogExcerpt)
            effects.payloads.append(words.count > Limits.channelsLogExcerpt ? "\" ..." : "\"")
        }
        effects.log(about: source == .unknown ? connection(subject) : nil)
    }

    /// Says how much was left out.
    mutating func logLeftOut(into effects: inout EffectBuffer) {
        for (source, count) in federation.logs.takeLeftOut(at: federation.now) {
            let who =
                switch source {
                case .peer(let peer): "peer \(shown(peer))"
                case .entry(let entry): shown(entry.shown)
                case .unknown: "connections that are no links"
                }
            effects.payloads += Array("\(who): and \(count) more".utf8)
            effects.log()
        }
    }

    private func source(of subject: ChannelsLogSubject) -> ChannelsLogs.Source {
        switch subject {
        case .peer(let peer): .peer(peer)
        case .entry(let entry): .entry(entry)
        case .link(let link): federation.peer(of: link).map { .peer($0) } ?? .unknown
        case .client: .unknown
        }
    }

    private func shown(_ subject: ChannelsLogSubject) -> String {
        switch subject {
        case .peer(let peer): "peer \(shown(peer))"
        case .link(let link): shown(link: link)
        case .client: "a client"
        case .entry(let entry): shown(entry.shown)
        }
    }

    /// Whose address is to be seen, as nothing else says who it is.
    private func connection(_ subject: ChannelsLogSubject) -> ConnectionID? {
        switch subject {
        case .peer, .entry: nil
        case .link(let connection), .client(let connection): connection
        }
    }

    private func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// How the log calls a link.
    private func shown(link: ConnectionID) -> String {
        guard let found = federation.links[link] else { return "a server" }
        switch found.state {
        case .confirmed(let peer): return "peer \(shown(peer))"
        case .asking(let address): return "a server at \(address.map { shown($0) } ?? "?")"
        case .asked:
            return found.dial.map { shown(federation.dials[$0].entry.shown) } ?? "a server"
        }
    }
}
