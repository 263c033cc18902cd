// SPDX-License-Identifier: Apache-2.0

extension CutPlan {
    /// The largest offset, size or count that a plan may name: 1 GiB.
    static let largestNumber = 1 << 30
    /// The most parts that a plan may cut each message into: there are too many ways to try beyond.
    static let largestParts = 8

    /// The names that begin a plan.
    static let names = [
        "whole", "bytes", "every", "at", "straddle", "coalesce", "parts", "random", "utf8",
        "escape", "tokens", "delimiter",
    ]

    /// Reads a plan in the syntax that the type's documentation shows.
    ///
    /// Throws `CutPlanError`, which says what would be right.
    package init(parsing text: String) throws(CutPlanError) {
        try self.init(parsing: text, orFamily: false)
    }

    /// The same where a family of plans would be right, too: what is wrong is told accordingly.
    init(parsing text: String, orFamily takesFamilies: Bool) throws(CutPlanError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts.first ?? "")
        let argument = parts.count > 1 ? String(parts[1]) : nil
        let parser = CutPlanParser(
            text: text, name: name, argument: argument, takesFamilies: takesFamilies)
        self = try parser.plan()
    }
}

private struct CutPlanParser {
    let text: String
    let name: String
    let argument: String?
    let takesFamilies: Bool

    func plan() throws(CutPlanError) -> CutPlan {
        switch name {
        case "whole": return try bare(.whole)
        case "bytes": return try bare(.bytes)
        case "utf8": return try bare(.utf8)
        case "escape": return try bare(.escape)
        case "tokens": return try bare(.tokens)
        case "delimiter": return try bare(.delimiter)
        case "every": return .every(try count("every:N, N bytes a segment, N from 1"))
        case "coalesce": return .coalesce(try count("coalesce:N, N messages a segment, N from 1"))
        case "at": return .at(try offsets())
        case "straddle": return .straddle(try depth())
        case "parts": return .parts(try parts())
        case "random": return try random()
        default: throw error(.unknownName(suggestion: suggestion))
        }
    }

    private var suggestion: String? {
        let families = takesFamilies ? CutFamily.allCases.map(\.rawValue) : []
        return Suggestion.nearest(to: name, in: CutPlan.names + families)
    }

    private func bare(_ plan: CutPlan) throws(CutPlanError) -> CutPlan {
        guard argument == nil else { throw error(.argumentUnexpected(plan: name)) }
        return plan
    }

    private func count(_ usage: String) throws(CutPlanError) -> Int {
        guard let argument else { throw error(.argumentMissing(usage: usage)) }
        guard let count = number(argument), count > 0 else {
            throw wrong(argument, usage)
        }
        return count
    }

    private func parts() throws(CutPlanError) -> Int {
        let usage = "parts:N, each message in N segments, N from 2 to \(CutPlan.largestParts)"
        guard let argument else { throw error(.argumentMissing(usage: usage)) }
        guard let count = number(argument), (2...CutPlan.largestParts).contains(count) else {
            throw error(.wrongArgument(argument, usage: usage))
        }
        return count
    }

    private func offsets() throws(CutPlanError) -> [Int] {
        let usage = "at:N,..., offsets in each message, negative from its end, none 0"
        guard let argument else { throw error(.argumentMissing(usage: usage)) }
        var offsets: [Int] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let offset = number(part), offset != 0 else {
                throw wrong(String(part), usage)
            }
            offsets.append(offset)
        }
        return offsets
    }

    private func depth() throws(CutPlanError) -> Int? {
        guard let argument else { return nil }
        guard let depth = number(argument), depth != 0 else {
            let usage =
                "straddle, or straddle:N, N bytes of the next message, negative from its "
                + "end, not 0"
            throw wrong(argument, usage)
        }
        return depth
    }

    private func random() throws(CutPlanError) -> CutPlan {
        let usage = "random:SEED or random:SEED:MIN-MAX, with 1 <= MIN <= MAX"
        guard let argument else { throw error(.argumentMissing(usage: usage)) }
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, isDigits(parts[0]), let seed = UInt64(parts[0]) else {
            throw error(.wrongArgument(argument, usage: usage))
        }
        guard parts.count == 2 else {
            return .random(seed: seed, sizes: CutPlan.defaultRandomSizes)
        }
        let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, let low = number(bounds[0]), let high = number(bounds[1]),
            low >= 1, low <= high
        else {
            let greatest = bounds.map(String.init).first { isTooGreat($0) }
            throw wrong(greatest ?? String(parts[1]), usage)
        }
        return .random(seed: seed, sizes: low...high)
    }

    /// A whole number in plain digits, with or without a minus sign.
    private func number(_ text: some StringProtocol) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let largest = CutPlan.largestNumber
        guard isDigits(digits), let value = Int(text), (-largest...largest).contains(value) else {
            return nil
        }
        return value
    }

    /// Whether it is a whole number that no plan may name.
    private func isTooGreat(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        return isDigits(digits) && (number(text) == nil)
    }

    private func wrong(_ argument: String, _ usage: String) -> CutPlanError {
        isTooGreat(argument)
            ? error(.tooGreat(argument, limit: CutPlan.largestNumber))
            : error(.wrongArgument(argument, usage: usage))
    }

    private func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private func error(_ reason: CutPlanError.Reason) -> CutPlanError {
        CutPlanError(text: text, reason: reason, takesFamilies: takesFamilies)
    }
}
