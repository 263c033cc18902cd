// SPDX-License-Identifier: Apache-2.0

/// Faults in cutting the stream into frames.
enum PaddedCutFault: String, FaultFamily {
    case readIsFrame = "each-read-is-a-frame"
    case repeatsCutFrames = "repeats-cut-frames"
    case firstFrameOnly = "loses-coalesced-frames"
    case losesTail = "loses-the-tail-of-a-read"
    case sharedBuffer = "mixes-connections"
    case actsEarly = "acts-at-199-bytes"
    case completesAtEnd = "handles-half-a-frame-at-the-end"
    case swapsTexts = "swaps-two-texts"

    var meaning: FaultMeaning {
        switch self {
        case .readIsFrame: .init("framing.partial", "what a read brings is one message")
        case .repeatsCutFrames: .init("framing.partial", "a frame in pieces is done twice")
        case .firstFrameOnly: .init("framing.coalesced", "of the frames of a read one counts")
        case .losesTail: .init("framing.straddle", "half a frame behind a whole one is lost")
        case .sharedBuffer: .init("framing.per-connection", "half frames of all share one buffer")
        case .actsEarly: .init("framing.not-before-complete", "a padded frame counts at 199 bytes")
        case .completesAtEnd: .init("framing.eof-mid-frame", "half a frame at the end counts")
        case .swapsTexts: .init("say.order", "a client's third text is held until its fourth")
        }
    }

    func makeServer(_: ServerConfiguration) -> any ChatServer {
        PaddedMiscutServer(fault: self)
    }
}

private struct PaddedMiscutServer: ChatServer {
    let fault: PaddedCutFault
    var server = PaddedServer()
    var pending: [ConnectionID: [UInt8]] = [:]
    var texts: [ConnectionID: Int] = [:]
    var held: [ConnectionID: [UInt8]] = [:]

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        for frame in frames(bytes.bytes, from: connection) {
            for frame in order(frame, from: connection) {
                server.act(onFrame: frame, from: connection, into: &effects)
            }
        }
        return bytes.count
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        if case .inputClosed(let connection) = event, fault == .completesAtEnd {
            let rest = pending.removeValue(forKey: connection) ?? []
            if !rest.isEmpty { server.act(onFrame: rest, from: connection, into: &effects) }
        }
        if case .closed(let connection) = event {
            pending[connection] = nil
            texts[connection] = nil
            held[connection] = nil
        }
        server.handle(event, into: &effects)
    }

    private mutating func frames(_ bytes: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        let width = PaddedFramer.width
        let shared = ConnectionID(slot: .max, generation: .max)
        let owner = fault == .sharedBuffer ? shared : connection
        var stream = (pending[owner] ?? []) + bytes
        let wasCut = stream.count > bytes.count
        if fault == .readIsFrame { return [Array(stream.prefix(width))] }
        var frames: [[UInt8]] = []
        while stream.count >= width {
            frames.append(Array(stream.prefix(width)))
            stream.removeFirst(width)
        }
        pending[owner] = stream
        return damage(frames, wasCut: wasCut, owner: owner)
    }

    private mutating func damage(
        _ frames: [[UInt8]],
        wasCut: Bool,
        owner: ConnectionID
    ) -> [[UInt8]] {
        switch fault {
        case .readIsFrame, .sharedBuffer, .completesAtEnd, .swapsTexts:
            return frames
        case .repeatsCutFrames:
            return wasCut ? frames.prefix(1) + frames : frames
        case .firstFrameOnly:
            return Array(frames.prefix(1))
        case .losesTail:
            if !frames.isEmpty { pending[owner] = [] }
            return frames
        case .actsEarly:
            return actEarly(frames, owner: owner)
        }
    }

    /// Takes 199 bytes that end in a space for a frame; the frame itself then counts no more.
    private mutating func actEarly(_ frames: [[UInt8]], owner: ConnectionID) -> [[UInt8]] {
        var all = frames
        if held[owner] != nil, !all.isEmpty {
            all.removeFirst()
            held[owner] = nil
        }
        guard let rest = pending[owner], rest.count == PaddedFramer.width - 1 else { return all }
        guard rest.last == UInt8(ascii: " "), held[owner] == nil else { return all }
        held[owner] = rest
        return all + [rest]
    }

    private mutating func order(_ frame: [UInt8], from connection: ConnectionID) -> [[UInt8]] {
        guard fault == .swapsTexts else { return [frame] }
        let isText = frame.first != UInt8(ascii: "/")
        if let earlier = held.removeValue(forKey: connection) {
            return isText ? [frame, earlier] : [earlier, frame]
        }
        if isText { texts[connection, default: 0] += 1 }
        // The name is the first text.
        guard isText, texts[connection] == 4 else { return [frame] }
        held[connection] = frame
        return []
    }
}
