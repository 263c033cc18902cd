// SPDX-License-Identifier: Apache-2.0

/// What `channels` keeps in its database, and how changes and rows are told apart.
///
/// Names are BLOBs, since they may hold NUL; `SELECT CAST(name AS TEXT)` shows them. A host is empty
/// for what is this server's.
enum ChannelsStore {
    static let schema = StoreSchema(
        applicationID: 0x6363_6861,
        versions: [
            [
                "CREATE TABLE account (name BLOB PRIMARY KEY, hash TEXT NOT NULL) "
                    + "STRICT, WITHOUT ROWID",
                "CREATE TABLE channel (name BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
                "CREATE TABLE member (channel BLOB NOT NULL, channel_host BLOB NOT NULL, "
                    + "user BLOB NOT NULL, user_host BLOB NOT NULL, "
                    + "PRIMARY KEY (channel, channel_host, user, user_host)) STRICT, WITHOUT ROWID",
                "CREATE TABLE message (channel BLOB NOT NULL, number INTEGER NOT NULL, "
                    + "time TEXT NOT NULL, user BLOB NOT NULL, user_host BLOB NOT NULL, "
                    + "text BLOB NOT NULL, PRIMARY KEY (channel, number)) STRICT, WITHOUT ROWID",
            ]
        ],
        writes: [
            "add account": "INSERT INTO account (name, hash) VALUES (?, ?)",
            "add channel": "INSERT INTO channel (name) VALUES (?)",
            "add member": "INSERT OR IGNORE INTO member (channel, channel_host, user, user_host) "
                + "VALUES (?, ?, ?, ?)",
            "remove member": "DELETE FROM member WHERE channel = ? AND channel_host = ? "
                + "AND user = ? AND user_host = ?",
            "add message": "INSERT INTO message (channel, number, time, user, user_host, text) "
                + "VALUES (?, ?, ?, ?, ?, ?)",
        ],
        loads: [
            StoreLoad(name: "account", query: "SELECT name, hash FROM account"),
            StoreLoad(name: "channel", query: "SELECT name FROM channel"),
            StoreLoad(
                name: "member",
                query: "SELECT channel, channel_host, user, user_host FROM member"
            ),
            // Only what a history can hold is read, however much was ever said. The CROSS JOIN goes
            // through the channels first, so that each one's beginning is looked for once.
            StoreLoad(
                name: "message",
                query: "SELECT m.channel, m.number, m.user, m.user_host, m.text FROM channel AS c "
                    + "CROSS JOIN message AS m ON m.channel = c.name AND m.number >= coalesce("
                    + "(SELECT number FROM message WHERE channel = c.name ORDER BY number DESC "
                    + "LIMIT 1 OFFSET \(Limits.channelsHistory - 1)), 0) "
                    + "ORDER BY c.name, m.number"
            ),
        ],
        commits: .aside
    )

    /// Beyond it a number is not ours, and counting on from it could overflow.
    private static let greatest = Int64.max / 2

    /// Takes a row that was stored; one that is not as `step` makes them is passed over.
    static func load(_ load: String, _ row: [StoreValue], into server: inout ChannelsServer) {
        switch load {
        case "account":
            guard row.count == 2, case .blob(let name) = row[0], case .text(let hash) = row[1],
                ChannelsNames.isUser(name)
            else { return }
            server.accounts.insert(name, hash: hash)
        case "channel":
            guard case .blob(let name)? = row.first, ChannelsNames.isChannel(name) else { return }
            server.makeChannel(name)
        case "member":
            guard row.count == 4, case .blob(let channel) = row[0], case .blob(let host) = row[1],
                case .blob(let user) = row[2], case .blob(let userHost) = row[3]
            else { return }
            server.loadMember(ChannelsUser(name: user, host: userHost), of: channel, at: host)
        case "message":
            loadMessage(row, into: &server)
        default: break
        }
    }

    private static func loadMessage(_ row: [StoreValue], into server: inout ChannelsServer) {
        guard row.count == 5, case .blob(let channel) = row[0], case .integer(let number) = row[1],
            case .blob(let user) = row[2], case .blob(let host) = row[3],
            case .blob(let text) = row[4], (1...greatest).contains(number),
            [user, host, text].allSatisfy(ChannelsLine.isLineText),
            let channel = server.directory.find(channel)
        else { return }
        server.directory.remember(
            ChannelsMessage(
                number: number,
                channel: channel,
                sender: ChannelsUser(name: user, host: host),
                text: text
            )
        )
        server.writes.lastMessage = max(server.writes.lastMessage, number)
    }
}
