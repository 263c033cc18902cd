// SPDX-License-Identifier: Apache-2.0

/// The channels of this server, in the order of their making, as a server is told them that federates:
/// one line of those that fit, and news of the others.
///
/// Channels are only ever added: what has been written stays, and a new one costs its own line.
struct ChannelsOwnList: Sendable {
    private var pieces: [[UInt8]] = []
    /// The piece that is being written.
    private var last: [UInt8] = "FEDCHANNELS ".bytes
    /// Whether names still go to the first line, and how long that is.
    private var isLineOpen = true
    private var length = 12
    private(set) var count = 0
    /// Bytes of all pieces that have changed, since the beginning.
    private(set) var rewritten = 0

    mutating func append(_ name: [UInt8], _ text: ChannelsLinkText) {
        rewritten += last.count
        defer { count += 1 }
        guard !isLineOpen || length + 2 + name.count > Limits.channelsLine else {
            if count > 0 { last.append(", ") }
            last += name
            length += name.count + 2
            return
        }
        if isLineOpen { last.append("\n") }
        isLineOpen = false
        text.append(new: name, to: &last)
        guard last.count >= Limits.channelsListBlock else { return }
        pieces.append(last)
        last = []
    }

    /// All that is told.
    var text: SharedText { SharedText(pieces + [isLineOpen ? last + "\n".bytes : last]) }
}
