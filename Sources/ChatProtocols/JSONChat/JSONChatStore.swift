// SPDX-License-Identifier: Apache-2.0

/// What `json` keeps in its database, and how changes and rows are told apart.
enum JSONChatStore {
    static let schema = StoreSchema(
        applicationID: 0x6A63_6861,
        versions: [
            [
                "CREATE TABLE room (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
                "CREATE TABLE message (id INTEGER PRIMARY KEY, room TEXT NOT NULL, "
                    + "time TEXT NOT NULL, sender TEXT NOT NULL, text BLOB NOT NULL) STRICT",
                "CREATE TABLE ban (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
            ]
        ],
        writes: [
            "add room": "INSERT INTO room (name) VALUES (?)",
            "add message":
                "INSERT INTO message (id, room, time, sender, text) VALUES (?, ?, ?, ?, ?)",
            "remove message": "DELETE FROM message WHERE id = ?",
            "add ban": "INSERT OR IGNORE INTO ban (name) VALUES (?)",
        ],
        loads: [
            StoreLoad(name: "room", query: "SELECT name FROM room ORDER BY id"),
            StoreLoad(
                name: "message",
                query: "SELECT id, room, time, sender, text FROM message ORDER BY id"
            ),
            StoreLoad(name: "ban", query: "SELECT name FROM ban"),
        ]
    )

    static func step(for change: JSONChatChange, _ rooms: JSONChatRooms) -> StoreWrite.Step {
        switch change {
        case .room(let name): .init(statement: "add room", values: [.text(name)])
        case .ban(let name): .init(statement: "add ban", values: [.text(name)])
        case .removal(let message, _):
            .init(statement: "remove message", values: [.integer(message.number)])
        case .message(let message):
            .init(
                statement: "add message",
                values: [
                    .integer(message.number), .text(rooms.names[message.room]),
                    .text(message.timestamp), .text(message.author), .blob(message.text),
                ]
            )
        }
    }

    /// Takes a row that was stored; one that is not as `step` makes them is passed over.
    static func load(_ load: String, _ row: [StoreValue], into server: inout JSONChatServer) {
        switch load {
        case "room":
            guard case .text(let name)? = row.first else { return }
            server.rooms.create(name)
        case "ban":
            guard case .text(let name)? = row.first else { return }
            server.banned.insert(name)
        case "message":
            loadMessage(row, into: &server)
        default: break
        }
    }

    /// Beyond it a number is not ours, and counting on from it could overflow.
    private static let greatest = Int64.max / 2

    private static func loadMessage(_ row: [StoreValue], into server: inout JSONChatServer) {
        guard row.count == 5, case .integer(let number) = row[0], case .text(let room) = row[1],
            case .text(let time) = row[2], case .text(let sender) = row[3],
            case .blob(let text) = row[4], (1...greatest).contains(number),
            [room, time, sender, text].allSatisfy({ String(validating: $0, as: UTF8.self) != nil })
        else { return }
        let message = JSONChatMessage(
            number: number,
            room: server.rooms.create(room),
            timestamp: time,
            author: sender,
            text: text
        )
        server.remember(message, message.response)
        server.writes.lastMessage = max(server.writes.lastMessage, number)
    }
}
