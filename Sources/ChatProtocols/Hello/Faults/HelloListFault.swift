// SPDX-License-Identifier: Apache-2.0

/// Faults in the list of users.
enum HelloListFault: String, HelloCommandFault {
    case omitsAsker = "list-omits-the-asker"
    case omitsFirst = "list-omits-the-first"
    case repeatsFirst = "list-repeats-the-first"
    case inventsUser = "list-names-nobody"
    case spaced = "list-has-spaces"
    case endsWithComma = "list-ends-with-a-comma"

    var meaning: FaultMeaning {
        switch self {
        case .omitsAsker: .init("list.self", "the list lacks who asks for it")
        case .omitsFirst: .init("list.all", "the list lacks the user who came first")
        case .repeatsFirst: .init("list.all", "the list has its first user twice")
        case .inventsUser: .init("list.all", "the list has a user that there is not")
        case .spaced: .init("list.format", "a space follows each comma")
        case .endsWithComma: .init("list.format", "a comma ends the list")
        }
    }

    func perform(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard let client = request.client, request.command == .list else { return false }
        let names = names(server.users.names, for: client)
        HelloMessage.append(list: names, to: &effects.payloads)
        effects.reply(to: client.connection)
        return true
    }

    private func names(_ right: [[UInt8]], for client: HelloClient) -> [[UInt8]] {
        switch self {
        case .omitsAsker: right.filter { $0 != client.name }
        case .omitsFirst: Array(right.dropFirst())
        case .repeatsFirst: right.prefix(1) + right
        case .inventsUser: right + [Array("root".utf8)]
        case .spaced: right.prefix(1) + right.dropFirst().map { [UInt8(ascii: " ")] + $0 }
        case .endsWithComma: right + [[]]
        }
    }
}
