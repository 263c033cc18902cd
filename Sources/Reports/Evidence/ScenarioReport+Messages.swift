// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

extension ScenarioReport {
    /// The findings, those that made the verdict before those of what is left open.
    var weightyFirst: [Finding] {
        let findings = judgement.findings
        return findings.filter { $0.level > .open } + findings.filter { $0.level == .open }
    }

    /// The message with this number; `nil` where there is no transcript, or no such message.
    func message(_ number: Int) -> ReceivedMessage? {
        guard let messages = transcript?.messages, messages.indices.contains(number) else {
            return nil
        }
        return messages[number]
    }
}
