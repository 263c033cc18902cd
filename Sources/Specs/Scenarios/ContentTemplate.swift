// SPDX-License-Identifier: Apache-2.0

/// What one message says, before it is framed.
package enum ContentTemplate: Equatable, Sendable {
    case text(Template)
    case bytes([UInt8])
    case json(JSONContent)
}

/// An element of `sendAll`: one message, or one for each round of an iteration.
package struct ContentListElement: Equatable, Sendable {
    package var each: Iteration?
    package var content: ContentTemplate
}

/// A piece of what `sendBytes` writes.
package enum ByteChunk: Equatable, Sendable {
    case text(Template)
    case bytes([UInt8])
    /// A part of the frame that carries `content`; the whole of it where no part is named.
    case frame(ContentTemplate, from: Template?, to: Template?)
}
