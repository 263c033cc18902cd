// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

extension PlanStep {
    /// The step as people read it: `bob expects "[alice] hi"`.
    package func described(in plan: Plan) -> String {
        func label(_ link: LinkID) -> String { plan.links[link.index].label }
        return switch action {
        case .connect(let link, _): "\(label(link)) connects"
        case .listen(let listener, let kind): kind.described(plan.listeners[listener.index])
        case .accept(let link, let listener):
            "\(label(link)) is opened by the server, to the port \(plan.listeners[listener.index].label)"
        case .expectNoConnection(let listener):
            "nobody has connected to the port \(plan.listeners[listener.index].label)"
        case .respond(let link, []): "\(label(link)) answers nothing by itself any more"
        case .respond(let link, let responses):
            "\(label(link)) answers by itself: \(responses.map(\.shown).joined(separator: "; "))"
        case .transmit(let link, let transmission): "\(label(link)) sends \(transmission.shown)"
        case .expect(let link, let pattern, _): "\(label(link)) expects \(pattern.shown)"
        case .expectAll(let messages): "\(messages.count) messages are expected, in any order"
        case .expectNothing(let link, _): "\(label(link)) expects nothing"
        case .expectClose(let link, let kind): "\(label(link)) expects \(kind.shown)"
        case .expectRefused(let link, _): "\(label(link)) expects to be refused"
        case .closeWrite(let link): "\(label(link)) closes its sending side"
        case .close(let link): "\(label(link)) closes"
        case .reset(let link): "\(label(link)) resets"
        case .stopReading(let link): "\(label(link)) stops reading"
        case .resumeReading(let link): "\(label(link)) reads again"
        case .fill(let link, let stalled, _, _):
            "\(label(link)) sends until the buffers towards \(label(stalled)) are full"
        case .choose(let link, _, let observes):
            observes
                ? "what \(label(link)) receives is observed"
                : "\(label(link)) expects one of several"
        case .eventually(let link, let transmission, _):
            "\(label(link)) asks \(transmission.shown) until it holds"
        case .together(let groups): "\(groups.count) groups of steps at once"
        case .pause: "a pause"
        case .countThreads(let server): "the threads of \(plan.called(server)) are counted"
        case .signal(let signal, let server):
            "\(plan.called(server)) is sent SIG\(signal.rawValue)"
        case .expectExit(let server): "\(plan.called(server)) ends"
        case .expectFiles(let texts, let server):
            "the files of \(plan.called(server)) lack \(texts.map { $0.shown() }.joined(separator: ", "))"
        case .restart(let server): "\(plan.called(server)) is ended and started again"
        case .settle: "all connections come to rest after the preamble"
        case .sweep: "at the end nobody has received anything more"
        }
    }
}

extension Plan {
    /// A server as people read of it.
    fileprivate func called(_ server: ServerID) -> String {
        servers.count == 1 || !servers.indices.contains(server.index)
            ? "the server" : "the server '\(servers[server.index].name)'"
    }
}

extension PortKind {
    fileprivate func described(_ listener: PlannedListener) -> String {
        let place = listener.from.map { " at \(ByteEscaping.escape($0))" } ?? ""
        return switch self {
        case .listening: "\(listener.peer) listens at the port \(listener.name)\(place)"
        case .refusing: "\(listener.peer) refuses connections at the port \(listener.name)\(place)"
        case .swallowing:
            "\(listener.peer) answers no request to connect at the port \(listener.name)\(place)"
        }
    }
}

extension Response {
    fileprivate var shown: String {
        let deed =
            switch deed {
            case .transmit(let transmission): transmission.shown
            case .close: "a close"
            case .reset: "a reset"
            }
        let delay = after > 0 ? " after \(FindingKind.time(after))" : ""
        let count = times.map { ", \($0) time\($0 == 1 ? "" : "s") at most" } ?? ""
        return "\(to.shown) with \(deed)\(delay)\(count)"
    }
}

extension Pattern {
    var shown: String { accepted().joined(separator: " or ") }
}

extension Transmission {
    var shown: String {
        let texts = pieces.prefix(3).map { piece in
            switch piece {
            case .message(let text): text.shown()
            case .raw(let text): "the bytes \(text.shown())"
            case .part(let text, let from, let to):
                "bytes \(from) to \(to.map(String.init) ?? "the end") of the frame of \(text.shown())"
            }
        }
        let more = pieces.count > 3 ? " and \(pieces.count - 3) more" : ""
        let cut = split == .whole ? "" : ", cut \(split)"
        return texts.joined(separator: ", ") + more + cut
    }
}
