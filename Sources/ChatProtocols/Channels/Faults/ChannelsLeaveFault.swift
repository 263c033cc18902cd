// SPDX-License-Identifier: Apache-2.0

/// Faults in what a disconnect does, and in what is stored.
enum ChannelsLeaveFault: String, FaultFamily {
    case staysLoggedIn = "keeps-users-logged-in"
    case staysAfterReset = "keeps-users-logged-in-after-a-reset"
    case losesAccounts = "does-not-store-accounts"
    case losesChannels = "does-not-store-channels"
    case losesMembers = "does-not-store-memberships"
    case losesMessages = "does-not-store-messages"
    case losesSomeMessages = "does-not-store-every-20th-message"

    var meaning: FaultMeaning {
        switch self {
        case .staysLoggedIn:
            .init("disconnect.frees-login", "who has gone stays logged in")
        case .staysAfterReset:
            .init("disconnect.frees-login", "whose connection was reset stays logged in")
        case .losesAccounts: .init("account.persistent", "accounts are not stored")
        case .losesChannels: .init("durability.kill", "channels are not stored")
        case .losesMembers: .init("durability.kill", "memberships are not stored")
        case .losesMessages: .init("durability.kill", "messages are not stored")
        case .losesSomeMessages: .init("durability.kill", "every 20th message is not stored")
        }
    }

    func makeServer(_ configuration: ServerConfiguration) -> any ChatServer {
        let server = ChannelsServer(ChannelsSettings(configuration))
        return MeddledServer(server, ChannelsLeaveMeddler(fault: self))
    }
}

private struct ChannelsLeaveMeddler: ChannelsMeddler {
    let fault: ChannelsLeaveFault
    var ended: Set<ConnectionID> = []

    mutating func tell(
        _ event: ServerEvent,
        to server: inout ChannelsServer,
        into effects: inout EffectBuffer
    ) -> [ServerEvent] {
        switch event {
        case .inputClosed(let connection):
            ended.insert(connection)
            guard fault == .staysLoggedIn, server.client(connection) != nil else { break }
            effects.close(connection)
            return []
        case .closed(let connection):
            let wasReset = ended.remove(connection) == nil
            let isUser = server.client(connection) != nil
            if fault == .staysLoggedIn, isUser { return [] }
            if fault == .staysAfterReset, isUser, wasReset { return [] }
        case .listening, .connected, .connectedOut, .refused, .time, .loaded, .stored, .notStored,
            .password, .lookedUp, .sent:
            break
        }
        return [event]
    }

    func keeps(_ write: StoreWrite) -> Bool {
        let statement = write.steps.first?.statement
        switch fault {
        case .losesAccounts: return statement != "add account"
        case .losesChannels: return statement != "add channel"
        case .losesMembers: return statement != "add member"
        case .losesMessages: return statement != "add message"
        case .losesSomeMessages:
            guard statement == "add message", case .integer(let number)? = write.number else {
                return true
            }
            return !number.isMultiple(of: 20)
        case .staysLoggedIn, .staysAfterReset: return true
        }
    }
}

extension StoreWrite {
    /// The second value, which is a message's number.
    fileprivate var number: StoreValue? { steps.first?.values.dropFirst().first }
}
