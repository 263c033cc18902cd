// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore
package import JSONText

/// What is wrong with a file that should be a report, and where.
package struct StoredReportError: Error, Equatable, Sendable, CustomStringConvertible {
    package let position: JSONPosition
    package let message: String

    package var description: String { "\(position): \(message)" }
}

/// A `report.json` read back: what running or judging its cases again needs.
package struct StoredReport: Sendable {
    package let protocolName: String
    package let seed: UInt64
    package let suiteHash: String
    package let started: String
    /// Nanoseconds.
    package let duration: Int64
    package let server: ServerDescription
    package let options: RunOptions
    /// Why the run did not come to its end, where it did not.
    package let abandoned: Abandonment?
    package let scenarios: [StoredScenario]

    /// Reads the file's bytes.
    ///
    /// Members that are not needed are not looked at, so that newer reports can be read, too.
    /// Throws where the bytes are no JSON, no report, or one of a shape that is not known here.
    package init(reading bytes: [UInt8]) throws(StoredReportError) {
        let node: JSONNode
        do {
            node = try JSONReader.parse(
                whole: bytes, limits: JSONLimits(maximumBytes: 1 << 30), duplicateKeys: .refuse)
        } catch {
            throw StoredReportError(position: error.position, message: error.message)
        }
        let report = StoredObject(node)
        let version = try report.integer("schemaVersion")
        guard version == Report.schemaVersion else {
            throw report.problem(
                "the report is of schema version \(version); known is \(Report.schemaVersion)")
        }
        protocolName = try report.text("protocol")
        seed = try report.seed("seed")
        suiteHash = try report.object("suite").text("hash")
        started = try report.text("started")
        duration = try report.nanoseconds("durationMs")
        server = try Self.server(report.object("server"))
        options = try Self.options(report.object("options"))
        abandoned =
            report.has("abandoned") ? try Self.abandonment(report.object("abandoned")) : nil
        var scenarios: [StoredScenario] = []
        for entry in try report.list("scenarios") {
            scenarios.append(try StoredScenario(reading: StoredObject(entry)))
        }
        self.scenarios = scenarios
    }

    private static func abandonment(
        _ object: StoredObject
    ) throws(StoredReportError) -> Abandonment {
        switch try object.text("reason") {
        case "unreachable":
            .unreachable(try object.text("message"), output: try object.bytes("output"))
        case "interrupted": .interrupted
        case "failedFast": .failedFast
        case let reason: throw object.problem("there is no reason called '\(reason)'")
        }
    }

    private static func server(
        _ object: StoredObject
    ) throws(StoredReportError) -> ServerDescription {
        switch try object.text("kind") {
        case "address": return .address(try object.text("address"))
        case "launched":
            return .launched(
                command: try object.text("command"), isReused: try object.flag("reused"))
        case let kind: throw object.problem("there is no kind of server called '\(kind)'")
        }
    }

    private static func options(_ object: StoredObject) throws(StoredReportError) -> RunOptions {
        var only: [String] = []
        for node in try object.list("only") {
            guard let text = node.value.text else {
                throw StoredReportError(position: node.position, message: "expected is a text")
            }
            only.append(text)
        }
        var features: [String: String] = [:]
        for member in try object.object("features").members {
            features[String(decoding: member.key, as: UTF8.self)] = member.node.value.text ?? ""
        }
        return RunOptions(
            isStrict: try object.flag("strict"), timeout: try object.nanoseconds("timeoutMs"),
            timeoutScale: Int64(try object.integer("timeoutScale")),
            split: object.optionalText("split"), pace: try object.text("pace"), only: only,
            features: features, users: object.optionalText("users"),
            splitForm: object.optionalText("splitForm"),
            splitReach: try object.splitReach())
    }
}
