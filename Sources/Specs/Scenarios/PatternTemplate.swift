// SPDX-License-Identifier: Apache-2.0

/// What a scenario accepts as a message, before its values are filled in.
package indirect enum PatternTemplate: Equatable, Sendable {
    /// The whole payload, with `{{captures}}` for what may vary.
    case text(Template)
    case bytes([UInt8])
    case any
    case startsWith(Template)
    case endsWith(Template)
    case contains(Template)
    case items(ItemsTemplate)
    /// Anything that this is not.
    case not(PatternTemplate)
    /// A pattern of the whole frame, with padding or terminator.
    case frame(PatternTemplate)
    case anyOf([AcceptedTemplate])
    /// A message of JSON.
    case json(JSONPattern<Template>)
}

/// One of several accepted messages.
package struct AcceptedTemplate: Equatable, Sendable {
    package var pattern: PatternTemplate
    /// What it is called where it is reported.
    package var label: String?
    /// Why it passes although it is not what is asked for; fails under `--strict`.
    package var tolerated: String?
}

/// A message that is a list: its items, in any order.
package struct ItemsTemplate: Equatable, Sendable {
    package var separator: [UInt8]
    package var prefix: Template?
    /// Items that must be there, once each.
    package var contains: [Template]
    /// Items that must not be there.
    package var lacks: [Template]
    /// Nothing but `contains` may be there.
    package var only: Bool
    /// Empty items are passed over.
    package var ignoresEmpty: Bool
    /// Bytes that are taken off both ends of each item.
    package var trims: [UInt8]
}
