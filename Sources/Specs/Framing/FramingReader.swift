// SPDX-License-Identifier: Apache-2.0

import JSONText

/// Reads `framing` of `protocol.json`.
enum FramingReader {
    private enum Kind: String, CaseIterable { case fixed, line, json }

    static func framing(_ reader: NodeReader) -> Framing? {
        let what = "'framing'"
        let keys = [
            "kind", "width", "padding", "terminator", "maximumDepth", "maximumBytes", "tolerates",
        ]
        reader.refuseKeys(otherThan: keys, in: what)
        guard let kind = reader.required("kind", in: what)?.oneOf(Kind.self) else { return nil }
        switch kind {
        case .fixed:
            guard let width = reader.required("width", in: what)?.int(in: 1...65_536),
                let padding = reader.required("padding", in: what),
                let bytes = padding.bytes
            else { return nil }
            guard let byte = bytes.first, bytes.count == 1 else {
                padding.note("padding is one byte")
                return nil
            }
            return .fixed(width: width, padding: byte)
        case .line:
            guard let terminator = reader.required("terminator", in: what)?.bytes else {
                return nil
            }
            return .line(terminator: terminator)
        case .json:
            return .json(
                JSONLimits(
                    maximumDepth: reader["maximumDepth"]?.int(in: 1...2_048) ?? 512,
                    maximumBytes: reader["maximumBytes"]?.int(in: 1...1 << 30) ?? 16 << 20))
        }
    }

    static func tolerated(_ reader: NodeReader) -> [FramingDeviation: String] {
        var tolerated: [FramingDeviation: String] = [:]
        let known = FramingDeviation.allCases.map(\.rawValue)
        for (name, requirement) in reader["tolerates"]?.members ?? [] {
            guard let deviation = FramingDeviation(rawValue: name) else {
                requirement.note(
                    "there is no deviation '\(name)'",
                    advice: NodeReader.choice(of: known, near: name))
                continue
            }
            tolerated[deviation] = requirement.string
        }
        return tolerated
    }
}
