// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText

/// A text that the server says itself, as the content of an `error` or `info`.
///
/// The page fixes none of them; people read them.
struct JSONChatText: Equatable {
    let bytes: [UInt8]

    /// The parts with the thing that they speak of between them.
    private init(_ parts: StaticString..., about thing: [UInt8] = []) {
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes += thing }
            bytes.append(part)
        }
        self.bytes = bytes
    }
}

/// What is wrong with a request.
extension JSONChatText {
    static let notAnObject = JSONChatText(
        #"A request is a JSON object with the keys "request" and "content"."#
    )
    static let requestMissing = JSONChatText(
        #"The key "request" is missing; it names what is asked for."#
    )
    static let requestNotAString = JSONChatText(#"The value of "request" must be a string."#)
    static let removeNeedsANumber = JSONChatText(
        #"The "content" of "remove" must be a whole number; 1 is the newest message."#
    )
    static let loginFirst = JSONChatText(
        #"Log in first; before that only "login" and "help" are served."#
    )

    static func unknownRequest(_ word: [UInt8]) -> JSONChatText {
        let shown = Array(UTF8Edges.prefix(of: word[...], fitting: 64))
        return JSONChatText("There is no request \"", "\"; \"help\" lists them all.", about: shown)
    }

    static func contentMissing(_ verb: JSONChatVerb) -> JSONChatText {
        JSONChatText("The request \"", "\" needs a \"content\".", about: verb.bytes)
    }

    static func contentNotAString(_ verb: JSONChatVerb) -> JSONChatText {
        JSONChatText("The \"content\" of \"", "\" must be a string.", about: verb.bytes)
    }

    static func malformed(_ error: JSONError) -> JSONChatText {
        let place = "byte \(error.position.offset + 1) of what you sent: \(error.message)"
        return JSONChatText("This is not valid JSON, at ", ".", about: Array(place.utf8))
    }

    static func notStored(_ failure: StoreFailure) -> JSONChatText {
        let reason = Array(failure.reason.utf8)
        return JSONChatText("It could not be stored, and is not done: ", ".", about: reason)
    }
}

/// About names, logging in and out.
extension JSONChatText {
    static let nameEmpty = JSONChatText("A name has at least one character.")
    static let nameIllegal = JSONChatText("A name has no characters but A-Z, a-z and 0-9.")
    static let nameTooLong = JSONChatText("A name has at most 255 characters.")
    static let loggedOut = JSONChatText("You are logged out.")

    static func nameTaken(_ name: [UInt8]) -> JSONChatText {
        JSONChatText("The name ", " is taken.", about: name)
    }

    static func nameBanned(_ name: [UInt8]) -> JSONChatText {
        JSONChatText("The name ", " is banned.", about: name)
    }

    static func loggedIn(_ name: [UInt8]) -> JSONChatText {
        JSONChatText("You are logged in as ", ".", about: name)
    }

    static func loggedInAlready(_ name: [UInt8]) -> JSONChatText {
        JSONChatText("You are logged in already, as ", ".", about: name)
    }
}

/// About rooms and moderation.
extension JSONChatText {
    static let roomIllegal = JSONChatText(
        "The name of a room has 1 to 255 bytes, and neither white space nor commas in it."
    )
    static let tooManyRooms = JSONChatText("There are too many rooms; join one of them.")
    static let inCommonRoom = JSONChatText("You are in the common room already.")
    static let backInCommonRoom = JSONChatText("You are back in the common room.")
    static let moderatorsOnly = JSONChatText("Only moderators may do that.")
    static let noSuchMessage = JSONChatText("The history of this room has not so many messages.")
    static let tooManyBans = JSONChatText("There are too many bans.")

    static func roomCreated(_ room: [UInt8]) -> JSONChatText {
        JSONChatText("The room ", " is there now.", about: room)
    }

    static func roomExists(_ room: [UInt8]) -> JSONChatText {
        JSONChatText("There is a room ", " already.", about: room)
    }

    static func noSuchRoom(_ room: [UInt8]) -> JSONChatText {
        let shown = Array(UTF8Edges.prefix(of: room[...], fitting: 64))
        return JSONChatText("There is no room ", ".", about: shown)
    }

    static func joined(_ room: [UInt8]) -> JSONChatText {
        JSONChatText("You are in the room ", " now.", about: room)
    }

    static func noSuchUser(_ name: [UInt8]) -> JSONChatText {
        let shown = Array(UTF8Edges.prefix(of: name[...], fitting: 64))
        return JSONChatText("Nobody is logged in as ", ".", about: shown)
    }

    static func kicked(_ name: [UInt8]) -> JSONChatText {
        JSONChatText("", " is kicked out.", about: name)
    }

    static func kickedBy(_ moderator: [UInt8]) -> JSONChatText {
        JSONChatText("You are kicked out by ", ".", about: moderator)
    }

    static func banned(_ name: [UInt8]) -> JSONChatText {
        JSONChatText("The name ", " is banned now.", about: name)
    }

    static func bannedBy(_ moderator: [UInt8]) -> JSONChatText {
        JSONChatText("You are banned by ", ".", about: moderator)
    }

    static func moderatorStays(_ name: [UInt8]) -> JSONChatText {
        JSONChatText("", " is a moderator and cannot be banned.", about: name)
    }

    static func removed(_ moderator: [UInt8]) -> JSONChatText {
        JSONChatText("", " has removed a message from the history.", about: moderator)
    }
}
