// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Reports
import Specs

/// Where a run leaves its report and its evidence.
struct ReportFolder {
    let path: String

    /// `given`, or a folder of its own under `results/`, named by the run's begin.
    init(given: String?, protocolName: String, started: WallTime) {
        let moment = started.description.utf8.filter { $0 != UInt8(ascii: ":") }
        path =
            given
            ?? PathText.join(
                "results", String(decoding: moment, as: UTF8.self), protocolName)
    }

    /// Makes the folder, so that one that cannot be written to is told before anything is run.
    func prepare() throws(FileError) { try Files.prepareDirectory(path) }

    /// Writes `report.json`, which holds `json`; returns its path.
    func write(_ json: [UInt8]) throws(FileError) -> String {
        let file = PathText.join(path, "report.json")
        try Files.makeDirectories(path)
        try Files.write(json, to: file)
        return file
    }

    /// A capture made from the scenario's transcript; `nil` where none can be made.
    func synthesised(
        _ report: ScenarioReport, _ run: ScenarioRun, _ requirements: Requirements
    ) -> [UInt8]? {
        let endpoints = PcapngCapture.Endpoints(
            serverAddress: run.address.host.bytes, serverPort: run.address.port,
            started: run.began.sinceEpoch, clientAddress: run.ours.values.first?.host.bytes,
            clientPorts: run.ours.mapValues(\.port),
            accepted: run.accepted.mapValues(ConnectionEnds.init))
        return PcapngCapture.bytes(
            of: report, requirements: requirements, endpoints: endpoints, tool: Program.tool)
    }

    /// Writes `captures/NUMBER-ID.pcapng`; returns its path within the folder.
    func writeCapture(_ bytes: [UInt8], of id: String, number: Int) throws(FileError) -> String {
        let name = PathText.join("captures", "\(number)-\(Self.fileName(id)).pcapng")
        try Files.makeDirectories(PathText.join(path, "captures"))
        try Files.write(bytes, to: PathText.join(path, name))
        return name
    }

    /// The id with nothing in it that a shell or a file system takes for its own.
    private static func fileName(_ id: String) -> String {
        let plain = id.utf8.prefix(100).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
