// SPDX-License-Identifier: Apache-2.0

/// What is logged of lines that are not acted on at all.
extension ChannelsServer {
    /// Logs a message of a peer on a connection that is no link.
    mutating func logStray(
        _ line: Span<UInt8>,
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        guard federation.isOn, ChannelsLinkLine.isOfPeer(line) else { return }
        log(
            .client(connection), "a message of a peer on what is no link",
            quoting: ChannelsLinkLine.shown(line), into: &effects)
    }

    /// Ends the input of a connection with a line that is too long; nothing behind it can be read.
    mutating func refuseLong(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        if isLink(connection) {
            let bound = "a line of more than \(Limits.channelsLinkLine) bytes"
            log(.link(connection), "\(bound) ends the link", into: &effects)
        } else {
            let bound = "a line of more than \(Limits.channelsLine) bytes"
            effects.payloads += Array("\(bound): the connection is ended".utf8)
            effects.log(about: connection)
        }
        endInput(of: connection, into: &effects)
    }

    /// Logs that a link has ended within a line.
    mutating func logUnfinished(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        let isWithin = sessions.read(connection) { session in
            session.state == .link && !session.inputEnded && session.framer.isInLine
        }
        guard isWithin == true else { return }
        log(.link(connection), "the link ends within a line, which is dropped", into: &effects)
    }
}
