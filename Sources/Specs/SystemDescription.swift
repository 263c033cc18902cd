// SPDX-License-Identifier: Apache-2.0

package import JSONText

/// A file that describes a server under test (`--sut`): how it is started, or where it is.
///
/// All that the command line can say about a server, kept beside the server.
package struct SystemDescription: Equatable, Sendable {
    /// The command, as `--launch` takes it.
    package var launch: String?
    /// Where it serves that it is started with no word of a port.
    package var port: UInt16?
    /// Where it is started, relative to the folder of the file; that folder where it is absent.
    package var directory: String?
    package var environment: [String: String] = [:]
    /// One server for all scenarios.
    package var isReused = false
    /// Nanoseconds until it must listen.
    package var startLimit: Int64?
    /// HOST:PORT of one that runs already, in place of `launch`.
    package var target: String?
    /// What it offers, by the names of `needs`, with a value where one is due.
    package var features: [String: String] = [:]
    /// The file of its accounts, relative to the folder of this file.
    package var users: String?

    private static let what = "a description of a server"

    /// Reads what is right; what is not is in the log.
    package init(reading node: JSONNode, file: String, log: ProblemLog) {
        let reader = NodeReader(node, file: file, log: log)
        reader.refuseKeys(
            otherThan: [
                "$schema", "launch", "port", "directory", "environment", "reuse", "startLimit",
                "target", "features", "users",
            ], in: Self.what)
        launch = reader["launch"]?.string
        target = reader["target"]?.string
        port = reader["port"]?.int(in: 1...65_535).map(UInt16.init)
        directory = reader["directory"]?.string
        isReused = reader["reuse"]?.bool ?? false
        startLimit = reader["startLimit"]?.duration
        environment = Self.environment(reader["environment"])
        features = Self.features(reader["features"])
        users = reader["users"]?.string
        refuseContradictions(reader)
    }

    private func refuseContradictions(_ reader: NodeReader) {
        guard reader.isObject else { return }
        if reader["launch"] == nil, reader["target"] == nil {
            reader.note("\(Self.what) lacks 'launch'", advice: "or 'target', if it runs already")
        }
        guard let target = reader["target"] else { return }
        for key in ["launch", "port", "directory", "environment", "reuse", "startLimit"]
        where reader[key] != nil {
            target.note("'target' and '\(key)' exclude each other")
        }
    }

    private static func environment(_ reader: NodeReader?) -> [String: String] {
        var environment: [String: String] = [:]
        for (name, value) in reader?.members ?? [] {
            if name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
                value.note("a variable's name is not empty and has no '='")
            }
            guard let text = value.string else { continue }
            if text.utf8.contains(0) { value.note("a variable has no zero byte") }
            environment[name] = text
        }
        return environment
    }

    /// `true`, or the value: `{ "rooms": true, "capacity": "16" }`.
    private static func features(_ reader: NodeReader?) -> [String: String] {
        var features: [String: String] = [:]
        for (name, value) in reader?.features ?? [] {
            if value.isTrue {
                features[name] = ""
            } else if value.isString {
                features[name] = value.string
            } else {
                value.noteKind(wanted: "true or a string")
            }
            if Need.Time(rawValue: name) != nil,
                SpecTime.nanoseconds(features[name] ?? "") == nil
            {
                value.note("'\(name)' is a time", advice: "write it as \"300ms\" or \"5s\"")
            }
            if name == Need.moderators.rawValue, features[name] == "" {
                value.note("the name of a moderator is missing")
            }
        }
        return features
    }
}
