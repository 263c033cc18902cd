// SPDX-License-Identifier: Apache-2.0

import ConformanceCore

extension SplitReach {
    /// As reports have it: only what differs from the usual is said.
    var reported: String? {
        switch self {
        case .everything: nil
        case .steps, .questions: rawValue
        }
    }
}

extension StoredObject {
    func splitReach() throws(StoredReportError) -> SplitReach {
        guard let word = optionalText("splitReach") else { return .everything }
        guard let reach = SplitReach(rawValue: word) else {
            throw problem("there is no splitReach called '\(word)'")
        }
        return reach
    }
}
