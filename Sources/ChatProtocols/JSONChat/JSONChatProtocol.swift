// SPDX-License-Identifier: Apache-2.0

extension ChatProtocol {
    static let json = ChatProtocol(
        name: "json",
        summary: "one chat room in JSON, with further rooms, moderators and a database",
        options: JSONChatSettings.options,
        needsTime: true,
        store: (JSONChatStore.schema, JSONChatSettings.databaseOption.name),
        faults: JSONChatCutFault.faults + JSONChatReadingFault.faults + JSONChatStallFault.faults
            + JSONChatLoginFault.faults + JSONChatTalkFault.faults + JSONChatLeaveFault.faults
            + JSONChatRoomFault.faults + JSONChatModeratorFault.faults
            + JSONChatOutputFault.faults + JSONChatOrderFault.faults,
        factory: { JSONChatServer(JSONChatSettings($0)) }
    )
}
