// SPDX-License-Identifier: Apache-2.0

import Bytes
package import JSONText

/// Reads one JSON value of a specs file; what does not fit is noted and reading goes on.
///
/// Every accessor returns `nil` (or a harmless value) after noting a problem.
package struct NodeReader {
    package let node: JSONNode
    package let file: String
    package let log: ProblemLog

    package init(_ node: JSONNode, file: String, log: ProblemLog) {
        self.node = node
        self.file = file
        self.log = log
    }

    package var position: SourcePosition {
        SourcePosition(file: file, line: node.position.line, column: node.position.column)
    }

    package func note(_ message: String, advice: String? = nil) {
        log.note(message, at: position, advice: advice)
    }

    package func noteKind(wanted: String) {
        note("this is \(node.value.kindName), where \(wanted) is due")
    }

    package func with(_ other: JSONNode) -> NodeReader {
        NodeReader(other, file: file, log: log)
    }

    package var members: [(key: String, reader: NodeReader)] {
        guard case .object(let members) = node.value else {
            noteKind(wanted: "an object")
            return []
        }
        return members.map { (String(decoding: $0.key, as: UTF8.self), with($0.node)) }
    }

    package var elements: [NodeReader] {
        guard case .array(let nodes) = node.value else {
            noteKind(wanted: "an array")
            return []
        }
        return nodes.map(with)
    }

    /// The elements of an array in which something must stand, and at least one `what`.
    package func elements(of what: String) -> [NodeReader] {
        noteIfEmpty("there is nothing in this array", advice: "write at least one \(what)")
        return elements
    }

    package func noteIfEmpty(_ message: String, advice: String? = nil) {
        guard case .array(let nodes) = node.value, nodes.isEmpty else { return }
        note(message, advice: advice)
    }

    /// The member `key`, if it is there.
    package subscript(key: String) -> NodeReader? {
        node.value[key].map(with)
    }

    package var isTrue: Bool { node.value == .bool(true) }
    package var isFalse: Bool { node.value == .bool(false) }
    package var isString: Bool { if case .string = node.value { true } else { false } }
    package var isObject: Bool { if case .object = node.value { true } else { false } }
    package var isArray: Bool { if case .array = node.value { true } else { false } }

    /// Notes each key that is not in `known`, with the nearest one that is.
    package func refuseKeys(otherThan known: [String], in what: String) {
        guard case .object(let members) = node.value else { return noteKind(wanted: "an object") }
        for member in members {
            let key = String(decoding: member.key, as: UTF8.self)
            guard !known.contains(key) else { continue }
            let place = SourcePosition(
                file: file, line: member.keyPosition.line, column: member.keyPosition.column)
            log.note(
                "unknown key '\(ByteEscaping.escape(member.key))' in \(what)",
                at: place, advice: Self.choice(of: known, near: key))
        }
    }

    /// "did you mean 'x'?", or all that is possible.
    package static func choice(of known: [String], near text: String) -> String {
        if let nearest = Suggestion.nearest(to: text, in: known) {
            return "did you mean '\(nearest)'?"
        }
        return "possible here: " + known.joined(separator: ", ")
    }
}
