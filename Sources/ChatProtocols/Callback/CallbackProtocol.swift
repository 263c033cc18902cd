// SPDX-License-Identifier: Apache-2.0

extension ChatProtocol {
    static let callback = ChatProtocol(
        name: "callback",
        summary: "messages in lines over connections that the server makes, with receipts",
        options: [CallbackSettings.timeoutOption],
        files: [CallbackSettings.usersFile],
        needsTime: true,
        readsPasswords: true,
        faults: CallbackCutFault.faults + CallbackOutputFault.faults + CallbackLineFault.faults
            + CallbackUserFault.faults + CallbackSendFault.faults + CallbackSendAllFault.faults
            + CallbackReceiptFault.faults + CallbackLeaveFault.faults + CallbackStallFault.faults,
        factory: { CallbackServer($0) }
    )
}

/// What a server of `callback` is told at its start.
struct CallbackSettings: Sendable {
    var accounts = CallbackAccounts()
    /// How long a receipt, or a connection b, is waited for, in nanoseconds.
    var receiptTimeout: Int64 = 5_000_000_000

    init() {}

    init(_ configuration: ServerConfiguration) {
        // Who gave the file has seen that it has no problem.
        let file = configuration.contents(Self.usersFile.name) ?? []
        accounts = (try? CallbackAccounts(file)) ?? CallbackAccounts()
        if let timeout = configuration.duration(Self.timeoutOption.name) {
            let (seconds, attoseconds) = timeout.components
            // At most a day, by the option's bounds.
            receiptTimeout = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        }
    }

    static let usersFile = ProtocolFile(
        "users",
        help: "Who may log in: a file of lines \"username password\"."
    ) { contents in
        do throws(FileProblem) {
            _ = try CallbackAccounts(contents)
            return nil
        } catch {
            return error
        }
    }

    static let timeoutOption = ProtocolOption(
        "receipt-timeout",
        "TIME",
        .durations(.milliseconds(1)...(.seconds(86_400))),
        defaultText: "5s",
        help: "How long a receipt, or a connection to a client, is waited for."
    )
}

extension CallbackServer {
    init(_ configuration: ServerConfiguration) {
        self.init(CallbackSettings(configuration))
    }
}
