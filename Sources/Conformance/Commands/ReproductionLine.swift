// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import ConformanceCore
import Posix
import Specs

/// The command that runs one case again as it was.
struct ReproductionLine {
    let request: RunRequest
    let protocolName: String

    func line(for planned: PlannedCase) -> String {
        var words = [Program.name, "run", protocolName]
        words += server
        if let users = request.users, users != request.description?.users {
            words += ["--users", users]
        }
        if let specs = request.specs { words += ["--specs", specs] }
        words += ["--only", planned.plan.caseID]
        // A server that knows the names of this seed already gets others.
        if !request.knowsNames { words += ["--seed", String(planned.seed ?? request.seed)] }
        if let split = planned.split { words += ["--split", split.description] }
        if let form = planned.plan.splitForm { words += ["--split-form", form] }
        if planned.split != nil, planned.plan.splitReach != .everything {
            words += ["--split-reach", planned.plan.splitReach.rawValue]
        }
        words += settings
        return words.map(Self.quoted).joined(separator: " ")
    }

    private var server: [String] {
        if let description = request.description {
            return ["--sut", description.path] + (request.isReuseAsked ? ["--reuse"] : [])
        }
        switch request.server {
        case .target(let target): return ["--target", target.description]
        case .launch(let line, let isReused):
            return ["--launch", line.text] + (isReused ? ["--reuse"] : [])
        }
    }

    private var settings: [String] {
        var words: [String] = []
        if request.isStrict { words.append("--strict") }
        if request.timeout != 2_000_000_000 {
            words += ["--timeout", "\(request.timeout / 1_000_000)ms"]
        }
        if request.scale != 1 { words += ["--timeout-scale", String(request.scale)] }
        if request.pace != .drained { words += ["--pace", request.pace.description] }
        for (name, value) in request.features.sorted(by: { $0.key < $1.key })
        where !isDeclared(name) {
            words += ["--feature", value.isEmpty ? name : "\(name)=\(value)"]
        }
        return words
    }

    /// The launch line says it already, or the server's description.
    private func isDeclared(_ feature: String) -> Bool {
        if let said = request.description?.features[feature] {
            return said == request.features[feature]
        }
        guard case .launch(let line, _) = request.server else { return false }
        return switch Need(rawValue: feature) {
        case .bindAddress: line.uses(.host)
        case .database: line.uses(.database)
        case .usersFile: line.uses(.users)
        case .moderators: line.uses(.moderator)
        default: false
        }
    }

    /// The word as a shell takes it whole.
    static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_./:,=@%+".utf8.contains(byte)
            }
        }
        guard !plain || word.isEmpty else { return word }
        let inner = word.utf8.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
        return "'" + inner.map { String(Substring($0)) }.joined(separator: "'\\''") + "'"
    }
}
