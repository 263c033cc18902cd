// SPDX-License-Identifier: Apache-2.0

import Posix

/// How a chat has ended.
enum ChatOutcome: Equatable {
    case asWished
    case refused
    case serverGone
    case endlessMessage
    /// What was said has not left, as the server takes nothing.
    case notTaken
    case interrupted
    case failed(SystemCallError)
}
