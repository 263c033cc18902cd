// SPDX-License-Identifier: Apache-2.0

import Specs

/// Streams that stay silent in the middle of a message.
///
/// Rules:
/// - What is there after a while is taken for all that comes. While the server goes on talking
///   elsewhere it is busy, and is given up to ten times that while.
/// - Where that is something that servers say, and not for the first time, this one is believed to
///   end messages so, and is not waited for so long again. Else it may be the beginning of a message
///   whose rest is on its way.
extension Interpreter {
    mutating func settleSilentStreams() {
        for index in links.indices where links[index].canSettle {
            guard now >= settleTime(of: links[index]) else { continue }
            while let message = links[index].framer.settle() {
                let form = arrived(LinkID(index), message)
                if form != nil, links[index].framer.expectsShortFrames { noteShortFrame() }
            }
            noteWhatIsPending(LinkID(index))
        }
    }

    /// When what is pending is taken, if nothing more comes.
    func settleTime(of link: LinkState) -> Int64 {
        if knowledge.expectsShortFrames { return link.lastReceived + timing.quickSettle }
        let isQuiet = min(
            lastReceived + timing.settle / 4, link.lastReceived + 10 * timing.settle)
        return max(link.lastReceived + timing.settle, isQuiet)
    }
}
