// SPDX-License-Identifier: Apache-2.0

/// Names and the values that they take in turn: of `foreach`, `repeat`, `together` and `each`.
///
/// Several variables nest in their order, the first being the outermost.
package struct Iteration: Equatable, Sendable {
    package struct Variable: Equatable, Sendable {
        package var name: String
        package var domain: Domain
        package var position: SourcePosition
    }

    package enum Domain: Equatable, Sendable {
        case range(from: Template, to: Template, step: Int, except: Template?)
        case values([Element])
    }

    /// One listed value: a text, or fields that are read as `${name.field}`.
    package struct Element: Equatable, Sendable {
        package enum Content: Equatable, Sendable {
            case text(Template)
            case fields([Field])
        }

        package struct Field: Equatable, Sendable {
            package var name: String
            package var content: Template
        }

        package var content: Content
        /// What the case is called; the text itself where nothing is said.
        package var label: String?
        package var level: Level?
        package var levelPosition: SourcePosition?
    }

    package var variables: [Variable]
    package var position: SourcePosition
}

/// What a declared value is made of.
package enum ValueTemplate: Equatable, Sendable {
    /// Drawn from a generator of the protocol, `length` units long where that is given.
    case generated(String, length: Template?)
    /// Drawn so long that it makes `total` bytes together with what stands before it.
    case filling(String, behind: Template, total: Template)
    case text(Template)
    /// The text with its letters of A to Z in the other case.
    case otherCase(Template)
}
