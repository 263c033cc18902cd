// SPDX-License-Identifier: Apache-2.0

/// What the runner knows of a protocol (`protocol.json`).
package struct ProtocolDocument: Equatable, Sendable {
    package var name: String
    package var title: String
    package var framing: Framing
    /// The requirement that each tolerated deviation breaks.
    package var tolerates: [FramingDeviation: String]
    package var forms: MessageForms
    package var states: SessionStates
    package var generators: [String: Generator]
    /// The generator of peers' names.
    package var peerNames: String
    package var procedures: [String: Procedure]
    package var barriers: [BarrierTemplate]
    /// Features that a server has where nothing is said of it, with their values.
    package var features: [String: String]
    /// The feature whose value is the greatest number of clients at once, where there is one.
    package var places: Need?
    /// The requirement that a server's message of no known form breaks, where one says so.
    package var unknownForms: String?
    /// Requirements that are not about who is told what: what comes unasked in their scenarios is
    /// against what its form says.
    package var unaskedElsewhere: [String] = []
    /// Connections that a peer may have beside its main one.
    package var links: [String: LinkTemplate] = [:]
    /// Who may log in, where a server is told that at its start.
    package var accounts: AccountsTemplate?
    /// What a server says to who wants a name that somebody has had before, and that it keeps.
    package var taken: [FormPattern] = []

    /// The barrier of a connection in `state`.
    package func barrier(in state: String, link: String) -> BarrierTemplate? {
        let place = barriers.indices.first { place in
            barriers[place].link == link
                && (barriers[place].states.isEmpty || barriers[place].states.contains(state))
        }
        return place.map { barriers[$0] }
    }

    /// The state in which a connection of this kind begins.
    package func firstState(of link: String) -> String { links[link]?.begins ?? states.initial }
}

/// A kind of connection that a peer may have beside its main one.
package struct LinkTemplate: Equatable, Sendable {
    /// The state in which it begins.
    package var begins: String
    /// The server may end it when the peer's connection of this name has ended.
    package var endsWith: String?
}

/// Draws names and texts.
package struct Generator: Equatable, Sendable {
    /// The characters to draw from.
    package var alphabet: [[UInt8]]
    /// The characters that the first one is drawn from, where it is more restricted.
    package var first: [[UInt8]]
    package var length: ClosedRange<Int>
}

/// Steps with a name, so that scenarios need not repeat them.
package struct Procedure: Equatable, Sendable {
    package var parameters: [String]
    package var steps: [StepTemplate]
    /// What others may be told of it, and late: a scenario that calls it in its preamble is about
    /// something else, so such a message is let pass there at any time.
    package var allow: [PatternTemplate] = []
}

/// A request that every server answers on the same connection, after all that it owes to it.
package struct BarrierTemplate: Equatable, Sendable {
    package var states: [String]
    package var link: String
    /// `${nonce}` stands for a word that was never used before.
    package var send: ContentTemplate
    package var answer: PatternTemplate
    /// How another peer asks, where the connection itself can ask nothing.
    package var through: Relay?
    /// The requirement that is broken where the answer comes on another connection.
    package var strayed: String?

    /// A barrier of a connection on which the server alone begins to talk: another peer sends
    /// something on its main connection that makes the server say something here.
    package struct Relay: Equatable, Sendable {
        /// The states of the other peer's main connection in which it can be asked for that.
        package var states: [String]
        /// The states of the main connection of who is to hear it.
        package var owner: [String]
        /// Nobody is asked while any connection is in one of these states.
        package var unless: [String]
        /// What is said to the answer.
        package var reply: ContentTemplate?
        /// What the other peer is told in the end.
        package var confirmation: PatternTemplate
    }
}
