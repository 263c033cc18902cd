// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Posix

/// What a report says of what was asked for.
extension RunRequest {
    var serverDescription: ServerDescription {
        switch server {
        case .target(let target): .address(target.description)
        case .launch(let line, let isReused): .launched(command: line.text, isReused: isReused)
        }
    }

    var options: RunOptions {
        RunOptions(
            isStrict: isStrict, timeout: timeout, timeoutScale: scale,
            split: split?.description, pace: pace.description, only: only.map(\.text),
            features: features, users: users, splitForm: splitForm, splitReach: splitReach)
    }

    static var environment: [String: String] {
        let kernel = (try? Files.read("/proc/sys/kernel/osrelease", limit: 4096)) ?? []
        return ["system": "Linux " + ByteEscaping.escape(kernel.filter { $0 > 0x20 })]
    }
}
