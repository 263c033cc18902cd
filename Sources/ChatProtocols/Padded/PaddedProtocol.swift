// SPDX-License-Identifier: Apache-2.0

extension ChatProtocol {
    static let padded = ChatProtocol(
        name: "padded",
        summary: "channels in 200-byte frames",
        faults: [],
        factory: { _ in PaddedServer() }
    )
}
