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
    /// The requirement that a server's message of no known form breaks, where one says so.
    package var unknownForms: String?

    /// The barrier of a connection in `state`.
    package func barrier(in state: String, link: String) -> BarrierTemplate? {
        barriers.first { $0.link == link && ($0.states.isEmpty || $0.states.contains(state)) }
    }
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
}

/// A request that every server answers on the same connection, after all that it owes to it.
package struct BarrierTemplate: Equatable, Sendable {
    package var states: [String]
    package var link: String
    /// `${nonce}` stands for a word that was never used before.
    package var send: ContentTemplate
    package var answer: PatternTemplate
}
