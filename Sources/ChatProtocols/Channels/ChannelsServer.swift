// SPDX-License-Identifier: Apache-2.0

/// The server of `channels`: users with accounts, who talk in channels that they have joined.
///
/// ```text
///           LOGIN, right, nobody has it          input closed, a line that is too long
/// visitor ──────────────────────────────▶ user ──────────────────────────────┐
///    │                                                                        ▼
///    └──────────── input closed, a line that is too long ────────────────▶ draining ── closed ──▶
/// ```
///
/// - A line is acted on when its `\n` is there; one that is not whole when the input ends is dropped.
/// - What a client asks for is answered in order. While a password of its is being looked at, its
///   further lines are held; while something that it asked for is being stored, they are held as
///   well, but for messages, which are stored behind each other. While a long list is on its way to
///   it they are held, too: see `ChannelsServer+Lists.swift`.
/// - When the input has ended what was asked for is answered, then the user is logged out.
/// - Where there is a store, a change (`ChannelsChange`) happens, is answered and told when it is
///   stored: its author gets `0` where it is not, and nothing has happened.
/// - A name is taken as soon as its account or channel is asked for, so that of two who ask at once
///   one gets `0`.
/// - The password is looked at before anything is said of a login, also that of an unknown user and
///   that of one who is logged in: how long it takes says nothing.
/// - A membership is the user's; messages go where the user is logged in.
/// - A connection whose first line is `FEDERATE-OUT`, and one that this server has made, is a link to
///   another server: see `ChannelsServer+Dialling.swift`, `+Links` and `+Peers`.
/// - `closed` may come in every state.
struct ChannelsServer: ChatServer {
    let settings: ChannelsSettings
    var sessions = ConnectionTable<ChannelsSession>()
    var accounts = ChannelsAccounts()
    var directory: ChannelsDirectory
    /// What `CHANNELS` lists.
    var listed = ChannelsNameList()
    /// What servers that federate are told, as far as it has been written.
    var listedToPeers = ChannelsOwnList()
    var lists = ChannelsLists()
    var passwords = ChannelsPasswords()
    var writes = ChannelsWrites()
    var federation: ChannelsFederation
    var time = ServerTime.unknown.local.text

    init(_ settings: ChannelsSettings = ChannelsSettings()) {
        self.settings = settings
        directory = ChannelsDirectory(historyLength: settings.historyLength)
        federation = ChannelsFederation(settings)
    }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) -> Int {
        guard var framer = sessions.read(connection, { $0.framer }) else { return bytes.count }
        sessions.update(connection) { $0.framer = LineFramer(limit: Limits.channelsLine) }
        var taken = 0
        var lines = 0
        while taken < bytes.count, lines < Limits.channelsLines, !effects.isFull,
            isReading(connection)
        {
            lines += 1
            framer.limit = isLink(connection) ? Limits.channelsLinkLine : Limits.channelsLine
            taken += framer.take(bytes.extracting(droppingFirst: taken)) { piece, line in
                switch piece {
                case .line: take(line, from: connection, into: &effects)
                case .tooLong: refuseLong(connection, into: &effects)
                }
            }
        }
        sessions.update(connection) { $0.framer = framer }
        regulate(connection, into: &effects)
        askForTime(into: &effects)
        return isDeaf(connection) ? bytes.count : taken
    }

    mutating func handle(_ event: ServerEvent, into effects: inout EffectBuffer) {
        switch event {
        case .connected(let connection):
            sessions[connection] = ChannelsSession()
        case .inputClosed(let connection):
            logUnfinished(connection, into: &effects)
            endInput(of: connection, into: &effects)
        case .closed(let connection):
            logUnfinished(connection, into: &effects)
            logOut(connection)
            endLink(connection, into: &effects)
            lists.release(connection)
            sessions[connection] = nil
        case .time(let time):
            self.time = time.local.text
            federation.now = time.elapsed
            meetDeadlines(into: &effects)
        case .loaded(let load, let row):
            ChannelsStore.load(load, row, into: &self)
        case .stored(let ticket):
            settle(ticket, failure: nil, into: &effects)
        case .notStored(let ticket, let failure):
            settle(ticket, failure: failure, into: &effects)
        case .password(let ticket, let outcome):
            finish(ticket, outcome, into: &effects)
        case .connectedOut(let ticket, let connection):
            ask(ticket, connection, into: &effects)
        case .refused(let ticket):
            failConnecting(ticket)
        case .lookedUp(let ticket, let addresses):
            find(ticket, addresses, into: &effects)
        case .sent(let connection):
            goOnAfterList(connection, into: &effects)
            goOnTelling(on: connection, into: &effects)
        case .listening(let host, let port):
            begin(at: host, port, into: &effects)
        }
        askForTime(into: &effects)
    }

    /// Acts on what one whole line says.
    mutating func act(
        on line: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let line = line.extracting(ChannelsLine.content(line))
        let isFirst = sessions.read(connection) { !$0.hasSpoken } ?? false
        if isFirst { sessions.update(connection) { $0.hasSpoken = true } }
        if isLink(connection) {
            hear(line, on: connection, into: &effects)
        } else if isFirst, federation.isOn, line.isEqual(to: "FEDERATE-OUT") {
            beginLink(connection, into: &effects)
        } else {
            perform(ChannelsCommand(line), line, connection, into: &effects)
        }
    }
}

/// Input.
extension ChannelsServer {
    func isReading(_ connection: ConnectionID) -> Bool {
        sessions.read(connection) { !$0.mustWait && !$0.inputEnded } ?? false
    }

    func isLink(_ connection: ConnectionID) -> Bool {
        sessions.read(connection) { $0.state == .link } ?? false
    }

    private func isDeaf(_ connection: ConnectionID) -> Bool {
        sessions.read(connection) { $0.inputEnded } ?? true
    }

    /// Acts on a line, or holds it where it must wait for what was asked for before.
    mutating func take(
        _ line: Span<UInt8>,
        from connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        if mayBeActedOn(line, from: connection) {
            act(on: line, from: connection, into: &effects)
        } else {
            sessions.update(connection) { $0.held = line.bytes }
        }
    }

    private func mayBeActedOn(_ line: Span<UInt8>, from connection: ConnectionID) -> Bool {
        let session = sessions.read(connection) { session in
            (session.waitingWrites, session.waitingMessages, session.hasRoomForWrites)
        }
        guard let (writes, messages, hasRoom) = session, writes > 0 else { return true }
        // A message that will be stored cannot be answered before the others are.
        guard isLink(connection) else { return hasRoom && isMessage(line, from: connection) }
        return writes == messages && passesMessages(line, on: connection, hasRoom)
    }

    private func isMessage(_ line: Span<UInt8>, from connection: ConnectionID) -> Bool {
        let line = line.extracting(ChannelsLine.content(line))
        guard case .say(let channel, _) = ChannelsCommand(line),
            let client = client(connection),
            let channel = ownChannel(line.extracting(channel).bytes)
        else { return false }
        return directory.isMember(client.user, of: channel)
    }

    /// Goes on with the line that was held, now that something was answered.
    mutating func goOn(_ connection: ConnectionID, into effects: inout EffectBuffer) {
        var line: [UInt8]?
        sessions.update(connection) { session in
            guard session.task == nil else { return }
            line = session.held
            session.held = nil
        }
        if let line { take(line.span, from: connection, into: &effects) }
        endIfSettled(connection, into: &effects)
        regulate(connection, into: &effects)
    }

    /// Says whether bytes of a client are wanted, where that has changed.
    func wantsIntakeHeld(_ connection: ConnectionID) -> Bool? {
        let change = sessions.read(connection) { session -> Bool? in
            session.mustWait == session.isIntakeHeld ? nil : session.mustWait
        }
        return change ?? nil
    }

    private mutating func regulate(
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        guard let isHeld = wantsIntakeHeld(connection) else { return }
        sessions.update(connection) { $0.isIntakeHeld = isHeld }
        if isHeld { effects.hold(connection) } else { effects.resume(connection) }
    }

    mutating func endInput(of connection: ConnectionID, into effects: inout EffectBuffer) {
        sessions.update(connection) { $0.inputEnded = true }
        endIfSettled(connection, into: &effects)
    }

    /// Ends a session whose input has ended, unless something of it is still to be answered.
    private mutating func endIfSettled(
        _ connection: ConnectionID,
        into effects: inout EffectBuffer
    ) {
        let isOver = sessions.read(connection) { session in
            session.inputEnded && session.isSettled && session.state != .draining
        }
        guard isOver == true else { return }
        logOut(connection)
        endLink(connection, into: &effects)
        sessions.update(connection) { $0.state = .draining }
        effects.close(connection)
    }
}
