// SPDX-License-Identifier: Apache-2.0

extension ChatProtocol {
    static let json = ChatProtocol(
        name: "json",
        summary: "one chat room in JSON, with further rooms, moderators and a database",
        options: JSONChatSettings.options,
        needsTime: true,
        store: (JSONChatStore.schema, JSONChatSettings.databaseOption.name),
        faults: [],
        factory: { JSONChatServer(JSONChatSettings($0)) }
    )
}
