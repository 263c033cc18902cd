// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

extension ScenarioReport {
    /// The message with this number; `nil` where there is no transcript, or no such message.
    func message(_ number: Int) -> ReceivedMessage? {
        guard let messages = transcript?.messages, messages.indices.contains(number) else {
            return nil
        }
        return messages[number]
    }
}
