// SPDX-License-Identifier: Apache-2.0

extension ChatProtocol {
    static let padded = ChatProtocol(
        name: "padded",
        summary: "channels in 200-byte frames",
        faults: PaddedCutFault.faults + PaddedContentFault.faults + PaddedStallFault.faults
            + PaddedMoveFault.faults + PaddedTalkFault.faults + PaddedErrorFault.faults
            + PaddedLeaveFault.faults + PaddedOutputFault.faults,
        factory: { _ in PaddedServer() }
    )
}
