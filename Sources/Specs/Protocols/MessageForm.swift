// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// Who sends a message.
package enum Direction: String, CaseIterable, Hashable, Sendable {
    case client
    case server
}

/// One kind of message of a protocol, by which transcripts are read and coverage is counted.
package struct MessageForm: Equatable, Sendable {
    package var name: String
    package var direction: Direction
    package var pattern: FormPattern
    /// The session states in which this form is meant; empty: in all.
    package var states: [String]
    /// What a server violates that sends one where nothing asks for it, in scenarios that are not
    /// about who is told what.
    package var unasked: String?
    package var position: SourcePosition

    package func fits(_ payload: [UInt8], json: JSONNode? = nil, in state: String) -> Bool {
        guard states.isEmpty || states.contains(state) else { return false }
        switch pattern {
        case .text(let text):
            return text.fits(payload)
        case .json(let pattern):
            if let json, case .matched = pattern.match(json) { return true }
        }
        return false
    }
}

/// What messages of one form look like.
package enum FormPattern: Equatable, Sendable {
    case text(TextPattern)
    case json(JSONPattern<TextPattern>)
}

/// The forms of a protocol; the first that fits a payload is its form.
package struct MessageForms: Equatable, Sendable {
    package var all: [MessageForm] = []

    package func form(
        of message: FramedMessage, from direction: Direction, in state: String
    ) -> String? {
        // By their places: `first(where:)` would copy every form that it looks at.
        let place = all.indices.first { place in
            all[place].direction == direction
                && all[place].fits(message.payload, json: message.json, in: state)
        }
        return place.map { all[$0].name }
    }

    package func forms(of direction: Direction) -> [MessageForm] {
        all.filter { $0.direction == direction }
    }
}

/// The states that a session goes through, as far as messages show them.
package struct SessionStates: Equatable, Sendable {
    package struct Transition: Equatable, Sendable {
        package var from: String
        package var direction: Direction
        /// The form that moves the session; `nil`: any form of that direction.
        package var form: String?
        package var to: String
    }

    package var names: [String] = []
    package var transitions: [Transition] = []

    package var initial: String { names.first ?? "open" }

    package func state(after form: String?, from direction: Direction, in state: String) -> String {
        let here = transitions.filter { $0.from == state && $0.direction == direction }
        let exact = here.first { $0.form != nil && $0.form == form }
        return (exact ?? here.first { $0.form == nil })?.to ?? state
    }
}
