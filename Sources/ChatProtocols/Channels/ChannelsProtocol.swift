// SPDX-License-Identifier: Apache-2.0

extension ChatProtocol {
    static let channels = ChatProtocol(
        name: "channels",
        summary: "accounts with passwords, channels and their history, in lines",
        options: ChannelsSettings.options,
        files: [ChannelsSettings.peersFile],
        needsTime: true,
        store: (ChannelsStore.schema, ChannelsSettings.databaseOption.name),
        readsPasswords: true,
        passwordCost: { ChannelsSettings.passwordCost($0) },
        looksUp: true,
        startProblem: { ChannelsSettings($0).problem(at: $1, $2) },
        faults: ChannelsCutFault.faults + ChannelsEndFault.faults + ChannelsOutputFault.faults
            + ChannelsAccountFault.faults + ChannelsIntruderFault.faults
            + ChannelsPasswordFault.faults + ChannelsLikenessFault.faults
            + ChannelsRefusalFault.faults
            + ChannelsTalkFault.faults + ChannelsChannelFault.faults + ChannelsLeaveFault.faults
            + ChannelsStallFault.faults + ChannelsPeerFault.faults + ChannelsHearingFault.faults
            + ChannelsFederationFault.faults,
        factory: { ChannelsServer(ChannelsSettings($0)) }
    )
}

/// What a server of `channels` is told at its start.
struct ChannelsSettings: Sendable {
    /// How many messages of a channel who joins is told.
    var historyLength = 50
    /// Whether what must survive is stored before it happens.
    var hasStore = false
    /// Whether it federates: a peers file says so, also an empty one.
    var federates = false
    var peers: [ChannelsPeerEntry] = []
    /// What peers call this server; by default its address.
    var hostname: [UInt8]?

    init() {}

    init(_ configuration: ServerConfiguration) {
        historyLength = configuration.integer(Self.historyOption.name) ?? historyLength
        hasStore = configuration.text(Self.databaseOption.name) != nil
        hostname = configuration.text(Self.hostnameOption.name).map { Array($0.utf8) }
        guard let file = configuration.contents(Self.peersFile.name) else { return }
        federates = true
        // Who gave the file has seen that it has no problem.
        peers = (try? ChannelsPeersFile.entries(file)) ?? []
    }

    static func passwordCost(_ configuration: ServerConfiguration) -> PasswordCost {
        configuration.text(costOption.name).flatMap(PasswordCost.init(rawValue:)) ?? .interactive
    }

    /// What stands against serving at this address.
    func problem(at host: [UInt8], _ port: UInt16) -> StartProblem? {
        guard federates else { return nil }
        let isNameless = !ChannelsPeersFile.isAddress(host) || host == Array("0.0.0.0".utf8)
        if hostname == nil, isNameless {
            return StartProblem(
                reason: "--hostname is missing; peers know this server by its IPv4 address, and it "
                    + "is bound to none"
            )
        }
        let ownNames = [host] + [hostname].compactMap { $0 }
        return ChannelsPeersFile.problem(peers, ownNames: ownNames, port: port).map {
            StartProblem(file: Self.peersFile.name, line: $0.line, reason: $0.reason)
        }
    }

    static let options = [databaseOption, historyOption, hostnameOption, costOption]

    static let peersFile = ProtocolFile(
        "peers",
        help: "Servers to federate with: a file of lines \"host:port\".",
        isOptional: true
    ) { contents in
        do throws(FileProblem) {
            _ = try ChannelsPeersFile.entries(contents)
            return nil
        } catch {
            return error
        }
    }

    private static let hostnameOption = ProtocolOption(
        "hostname",
        "NAME",
        .matching("a host name or an IPv4 address") { ChannelsPeersFile.isHost(Array($0.utf8)) },
        defaultText: "the IPv4 address that it is bound to",
        help: "What this server calls itself towards the servers that it federates with."
    )

    static let databaseOption = ProtocolOption(
        "database",
        "FILE",
        .databaseFiles,
        defaultText: "all is kept in memory and forgotten when the server ends",
        help:
            "Keep accounts, channels, memberships and messages in this SQLite file, which is made "
            + "if there is none."
    )

    private static let historyOption = ProtocolOption(
        "history",
        "N",
        .integers(0...Limits.channelsHistory),
        defaultText: "50",
        help: "Messages of a channel that who joins it is told, 0 to \(Limits.channelsHistory); "
            + "fewer where they make more than \(Limits.channelsHistoryBytes >> 20) MiB."
    )

    private static let costOption = ProtocolOption(
        "password-cost",
        "COST",
        .words(PasswordCost.allCases.map(\.rawValue)),
        defaultText: PasswordCost.interactive.rawValue,
        help: "How much work it is to hash a password: interactive, or min, for tests alone."
    )
}
