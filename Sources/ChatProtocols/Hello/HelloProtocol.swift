// SPDX-License-Identifier: Apache-2.0

extension ChatProtocol {
    static let hello = ChatProtocol(
        name: "hello",
        summary: "direct messages in lines",
        options: [HelloOptions.capacity],
        faults: HelloCutFault.faults + HelloOutputFault.faults + HelloTextFault.faults
            + HelloLoginFault.faults + HelloCapacityFault.faults + HelloLeaveFault.faults
            + HelloListFault.faults + HelloSendFault.faults + HelloHeaderFault.faults
            + HelloStallFault.faults,
        factory: { HelloServer($0) }
    )
}

/// What a server of `hello` can be told.
enum HelloOptions {
    static let capacity = ProtocolOption(
        "capacity",
        "N",
        .integers(1...Limits.helloMostUsers),
        defaultText: "\(Limits.helloUsers)",
        help: "Users who can be logged in at once."
    )
}

extension HelloServer {
    init(_ configuration: ServerConfiguration) {
        let capacity = configuration.integer(HelloOptions.capacity.name)
        self.init(capacity: capacity ?? Limits.helloUsers)
    }
}
