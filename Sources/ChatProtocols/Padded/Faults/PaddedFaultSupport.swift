// SPDX-License-Identifier: Apache-2.0

/// What the wrappers of `padded`'s faults share.
extension PaddedServer {
    /// Acts on a frame as the right server does.
    mutating func act(
        onFrame frame: [UInt8],
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let message = frame.span.extracting(PaddedCommand.message(in: frame.span))
        act(on: message, from: connection, into: &effects)
    }
}

/// The frames of each connection, cut rightly, as arrays.
struct PaddedCutter {
    private var framers: [ConnectionID: PaddedFramer] = [:]

    mutating func frames(_ bytes: Span<UInt8>, from connection: ConnectionID) -> [[UInt8]] {
        var framer = framers[connection] ?? PaddedFramer()
        var frames: [[UInt8]] = []
        var taken = 0
        while taken < bytes.count {
            taken += framer.take(bytes.extracting(droppingFirst: taken)) { frames.append($0.bytes) }
        }
        framers[connection] = framer
        return frames
    }

    mutating func forget(_ event: ServerEvent) {
        if case .closed(let connection) = event { framers[connection] = nil }
    }
}
