// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

extension ItemsPattern {
    /// What is wrong with `payload` as this list; `nil` where nothing is.
    func fault(in payload: [UInt8], bound: [String: [UInt8]]) -> String? {
        guard let found = items(in: payload, bound: bound) else {
            return "it does not begin with \(prefix?.shown(bound) ?? "")"
        }
        var counts: [[UInt8]: Int] = [:]
        for item in found { counts[item, default: 0] += 1 }
        for text in contains {
            let count = counts.removeValue(forKey: text.filled(with: bound) ?? []) ?? 0
            if count == 0 { return "\(text.shown(bound)) is not in it" }
            if count > 1 { return "\(text.shown(bound)) is in it \(count) times" }
        }
        for text in lacks where counts[text.filled(with: bound) ?? []] != nil {
            return "\(text.shown(bound)) is in it"
        }
        guard only, let other = found.first(where: { counts[$0] != nil }) else { return nil }
        return "\(ByteEscaping.quoted(other)) is in it, too"
    }

    /// The items of `payload`; `nil` where it does not begin as it must.
    private func items(in payload: [UInt8], bound: [String: [UInt8]]) -> [[UInt8]]? {
        var rest = payload[...]
        if let prefix = prefix?.filled(with: bound) {
            guard payload.starts(with: prefix) else { return nil }
            rest = payload.dropFirst(prefix.count)
        }
        let items = split(Array(rest)).map(trimmed)
        return ignoresEmpty ? items.filter { !$0.isEmpty } : items
    }

    private func split(_ text: [UInt8]) -> [[UInt8]] {
        guard !text.isEmpty, !separator.isEmpty else { return text.isEmpty ? [] : [text] }
        var items: [[UInt8]] = []
        var start = 0
        while let end = TextPattern.firstIndex(of: separator, in: text, from: start) {
            items.append(Array(text[start..<end]))
            start = end + separator.count
        }
        items.append(Array(text[start...]))
        return items
    }

    private func trimmed(_ item: [UInt8]) -> [UInt8] {
        var slice = item[...]
        while let first = slice.first, trims.contains(first) { slice = slice.dropFirst() }
        while let last = slice.last, trims.contains(last) { slice = slice.dropLast() }
        return Array(slice)
    }

    func shown(_ bound: [String: [UInt8]]) -> String {
        var text = "a list, separated by \(ByteEscaping.quoted(separator))"
        if let prefix { text += ", behind \(prefix.shown(bound))" }
        let names = contains.map { $0.shown(bound) }.joined(separator: ", ")
        text += contains.isEmpty ? "" : ", with \(names) once each in any order"
        if !lacks.isEmpty {
            text += ", without " + lacks.map { $0.shown(bound) }.joined(separator: ", ")
        }
        return only ? text + ", and nothing else" : text
    }
}
