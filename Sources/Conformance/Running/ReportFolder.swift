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

    /// Writes `report.json`, which holds `json`; returns its path.
    func write(_ json: [UInt8]) throws(FileError) -> String {
        let file = PathText.join(path, "report.json")
        try Files.makeDirectories(path)
        try Files.write(json, to: file)
        return file
    }

    /// Writes `captures/NUMBER-ID.pcapng`; returns its path within the folder.
    func writeCapture(
        of report: ScenarioReport, _ run: ScenarioRun, requirements: Requirements, number: Int
    ) throws(FileError) -> String? {
        let began = run.began.seconds * 1_000_000_000 + Int64(run.began.nanoseconds)
        let endpoints = PcapngCapture.Endpoints(
            serverAddress: run.address.host.bytes, serverPort: run.address.port, started: began,
            clientAddress: run.ours.values.first?.host.bytes,
            clientPorts: run.ours.mapValues(\.port))
        guard
            let bytes = PcapngCapture.bytes(
                of: report, requirements: requirements, endpoints: endpoints, tool: Program.tool)
        else { return nil }
        let name = PathText.join("captures", "\(number)-\(Self.fileName(report.id)).pcapng")
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
