// SPDX-License-Identifier: Apache-2.0

/// A chat server as a state machine: events in, effects out, nothing else.
///
/// It makes no system call, reads no clock and draws no random number; whoever drives it performs
/// the effects, in their order, and tells it what happened. It accepts every order of events that
/// ``ServerEvent`` allows, and any bytes.
package protocol ChatServer: Sendable {
    /// Takes bytes of a connection, in the order of the stream, cut anywhere.
    ///
    /// Returns how many of them it has taken. That is all of them, unless the effects are full
    /// (``EffectBuffer/isFull``): then it has stopped between two messages, and wants the rest
    /// again when the effects have been performed. So one client's requests cannot make answers
    /// without bound before anything is sent. It also stops where what comes next must wait for a
    /// write of the same client to be stored, or after it has asked for ``Effect/pause(_:)``: then
    /// it wants the rest after ``Effect/resume(_:)``; so too with ``Effect/hold(_:)``. It takes at least one byte when the effects are not
    /// full, no write of the client waits, it is not paused, and there is one.
    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int

    /// Takes any other event.
    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer)
}
