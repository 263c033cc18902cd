// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText

/// Faults in cutting the stream into values.
enum JSONChatCutFault: String, FaultFamily {
    case readIsRequest = "each-read-is-a-request"
    case firstOnly = "loses-coalesced-requests"
    case decodesReads = "decodes-each-read-by-itself"
    case shortRequests = "gives-up-at-4096-bytes"
    case lineIsRequest = "a-line-is-a-request"
    case countsBraces = "counts-braces-in-strings"
    case malformedClosesAll = "malformed-input-closes-all"
    case depthStopsAll = "deep-nesting-stops-all"

    var meaning: FaultMeaning {
        switch self {
        case .readIsRequest: .init("framing.partial", "what a read brings is one request")
        case .firstOnly: .init("framing.stream", "of the requests of a read one counts")
        case .decodesReads: .init("framing.partial", "a character that is cut is lost")
        case .shortRequests: .init("framing.long", "a longer request is malformed")
        case .lineIsRequest: .init("framing.whitespace", "a line feed inside an object ends it")
        case .countsBraces: .init("framing.braces-in-strings", "braces in strings count")
        case .malformedClosesAll:
            .init("error.malformed-isolated", "malformed input ends every connection")
        case .depthStopsAll: .init("error.deep-nesting", "after deep nesting nobody is served")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        JSONChatMiscutServer(
            fault: self,
            server: JSONChatServer(JSONChatSettings(configuration))
        )
    }
}

private struct JSONChatMiscutServer: ChatServer {
    let fault: JSONChatCutFault
    var server: JSONChatServer
    var cutter = JSONChatCutter()
    var counters: [ConnectionID: JSONChatBraces] = [:]
    var lengths: [ConnectionID: Int] = [:]
    var isStopped = false

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard !isStopped else { return bytes.count }
        switch fault {
        case .readIsRequest:
            takeWhole(bytes.bytes, from: connection, into: &effects)
        case .countsBraces:
            for text in counters[connection, default: JSONChatBraces()].take(bytes.bytes) {
                takeWhole(text, from: connection, into: &effects)
            }
        case .lineIsRequest, .shortRequests:
            takeBytewise(bytes.bytes, from: connection, into: &effects)
        case .firstOnly, .decodesReads, .malformedClosesAll, .depthStopsAll:
            let read = fault == .decodesReads ? Self.decoded(bytes.bytes) : bytes.bytes
            let (values, error) = cutter.values(read.span, from: connection)
            let some = fault == .firstOnly ? Array(values.prefix(1)) : values
            for value in some {
                server.take(JSONChatRequest(value), from: connection, into: &effects)
            }
            if let error { giveUp(connection, error, into: &effects) }
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        cutter.forget(event)
        if case .closed(let connection) = event {
            counters[connection] = nil
            lengths[connection] = nil
        }
        server.handle(event, into: &effects)
    }

    private mutating func takeWhole(
        _ text: [UInt8],
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        do throws(JSONError) {
            let value = try JSONReader.parse(whole: text).value
            server.take(JSONChatRequest(value), from: connection, into: &effects)
        } catch {
            giveUp(connection, error, into: &effects)
        }
    }

    /// Reads byte by byte, so that what is wrong can be done in the middle of a value.
    private mutating func takeBytewise(
        _ bytes: [UInt8],
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        for byte in bytes {
            let isInside = cutter.isInsideValue(connection)
            let length = isInside ? lengths[connection, default: 0] + 1 : 0
            lengths[connection] = length
            let endsEarly =
                fault == .lineIsRequest ? isInside && byte == 0x0A : length >= 4_096
            let (values, error) = cutter.values([endsEarly ? 0 : byte].span, from: connection)
            for value in values {
                server.take(JSONChatRequest(value), from: connection, into: &effects)
            }
            guard let error else { continue }
            giveUp(connection, error, into: &effects)
            return
        }
    }

    private mutating func giveUp(
        _ connection: ConnectionID,
        _ error: JSONError,
        into effects: inout EffectBuffer
    ) {
        server.take(.malformed(.malformed(error)), from: connection, into: &effects)
        if fault == .malformedClosesAll {
            for other in server.sessions.connections.connections {
                server.end(other, into: &effects)
            }
        }
        if fault == .depthStopsAll, case .tooDeep = error.reason { isStopped = true }
    }

    /// As if characters that are not whole were replaced.
    private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }
}

/// Objects found by their braces alone.
private struct JSONChatBraces {
    private var pending: [UInt8] = []
    private var depth = 0

    mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for byte in bytes {
            pending.append(byte)
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
            guard byte == UInt8(ascii: "}"), depth <= 0 else { continue }
            texts.append(pending)
            pending = []
            depth = 0
        }
        return texts
    }
}
