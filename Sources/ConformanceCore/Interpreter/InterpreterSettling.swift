// SPDX-License-Identifier: Apache-2.0

import Specs

/// Streams that stay silent in the middle of a message.
///
/// Rules:
/// - What is there after a while is taken for all that comes.
/// - Where that is something that servers say, and not for the first time, this one is believed to
///   end messages so, and is not waited for so long again. Else it may be the beginning of a message
///   whose rest is on its way.
extension Interpreter {
    mutating func settleSilentStreams() {
        for index in links.indices where links[index].canSettle {
            guard now >= links[index].lastReceived + settleDelay else { continue }
            while let message = links[index].framer.settle() {
                let form = arrived(LinkID(index), message)
                if form != nil, links[index].framer.expectsShortFrames { noteShortFrame() }
            }
            noteWhatIsPending(LinkID(index))
        }
    }
}
