// SPDX-License-Identifier: Apache-2.0

/// One step of a scenario, as its file says it.
package struct StepTemplate: Equatable, Sendable {
    package var position: SourcePosition
    package var peer: Template?
    package var link: String
    /// The server that it is about, or that it connects to.
    package var server: ServerName?
    package var verb: Verb
    /// The requirement that this step is about, where it is not the scenario's first.
    package var requirement: String?
    package var level: Level?
    /// The longest wait, in nanoseconds.
    package var within: Int64?
    package var split: Template?
    /// The open requirement under which it is reported which alternative came.
    package var observes: String?
    /// Why nothing but a quiet window can show that nothing (more) comes.
    package var quiet: String?
    /// Why a server may leave the step without an answer.
    package var silence: String?
    /// The feature that says how long the server itself may take here.
    package var patience: String?
    package var note: String?
    package var places = StepPlaces()

    /// The name of a peer's connection where a protocol has but one.
    package static let mainLink = "main"
    /// The name of the server that every scenario has.
    package static let mainServer = "main"
}

/// Where a step says what must go with other files, for what is wrong with it.
package struct StepPlaces: Equatable, Sendable {
    package var requirement: SourcePosition?
    package var level: SourcePosition?
    package var observes: SourcePosition?
}

/// A server as a step names it.
package struct ServerName: Equatable, Sendable {
    package var text: Template
    package var position: SourcePosition
}
