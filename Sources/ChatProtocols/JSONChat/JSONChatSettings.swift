// SPDX-License-Identifier: Apache-2.0

/// What a server of `json` is told at its start.
struct JSONChatSettings: Sendable {
    /// What the elements of a `history` are: responses as objects, or strings that hold them.
    enum HistoryElements: String, CaseIterable {
        case string, object
    }

    var historyElements = HistoryElements.string
    var moderators: Set<[UInt8]> = []
    /// Whether what must survive is stored before it happens.
    var hasStore = false

    init() {}

    init(_ configuration: ServerConfiguration) {
        let elements = configuration.text(Self.elementsOption.name)
        historyElements = elements.flatMap(HistoryElements.init(rawValue:)) ?? .string
        moderators = Set(configuration.texts(Self.moderatorOption.name).map { Array($0.utf8) })
        hasStore = configuration.text(Self.databaseOption.name) != nil
    }

    static let options = [databaseOption, elementsOption, moderatorOption]

    static let databaseOption = ProtocolOption(
        "database",
        "FILE",
        .databaseFiles,
        defaultText: "what is said is forgotten when the server ends",
        help: "Keep messages, rooms and bans in this SQLite file, which is made if there is none."
    )

    private static let elementsOption = ProtocolOption(
        "history-elements",
        "SHAPE",
        .words(HistoryElements.allCases.map(\.rawValue)),
        defaultText: HistoryElements.string.rawValue,
        help: "Whether the elements of a history are strings that hold JSON, or objects: string "
            + "or object."
    )

    private static let moderatorOption = ProtocolOption(
        "moderator",
        "NAME",
        .matching("a name of A-Z, a-z and 0-9") { JSONChatNames.problem(Array($0.utf8)) == nil },
        help: "Let the user of this name kick, ban and remove messages; may be given many times.",
        isRepeatable: true
    )
}
