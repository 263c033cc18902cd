// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Reports
import Specs

/// Writes the captures of a run: what was recorded, where that is whole, else what is synthesised.
///
/// Rules:
/// - No scenario waits for its packets, which the kernel hands over some milliseconds later: its
///   capture is written while others run, and only the run's end waits.
/// - Where something is missing yet, it is looked for again, but not for long.
/// - What was recorded of scenarios that leave no capture is let go as soon as they are judged.
final class CaptureDesk {
    /// A capture that has been asked for, under the number of the run of its case.
    private struct Order {
        var report: ScenarioReport
        var scenario: ScenarioRun
        var number: Int
        /// When it was asked for, by the clock that only goes forward.
        let moment = MonotonicClock.now
    }

    /// What became of it; without a file where nothing can be made of the scenario.
    struct Written {
        var id: String
        var number: Int
        var capture: ScenarioCapture?
    }

    private let folder: ReportFolder
    private let requirements: Requirements
    private var recorder: LiveRecorder?
    private var notLive = NotLive.unavailable("nothing was recorded")
    private var orders: [Order] = []
    /// Bytes of recorded captures that may still be written, of the run and of one scenario.
    private var left = 256 << 20
    private static let mostOfOne = 16 << 20
    /// For so long after a scenario's end its packets may still come.
    private static let patience = 20 * PacketCapture.delay

    init(_ folder: ReportFolder, _ requirements: Requirements) {
        self.folder = folder
        self.requirements = requirements
    }

    /// Begins to record what passes between the runner and its servers, where that is possible.
    func open(_ source: ServerSource) {
        do throws(NotLive) {
            recorder = LiveRecorder(try CapturePlace(source))
        } catch {
            notLive = error
        }
    }

    /// Waits until the recording has begun; to be called before the first scenario.
    func begin(on loop: PollLoop) { recorder?.begin(on: loop) }

    func close() { recorder?.close() }

    func order(_ report: ScenarioReport, _ scenario: ScenarioRun, number: Int) {
        orders.append(Order(report: report, scenario: scenario, number: number))
    }

    /// Writes what has been handed over, and lets go what passed before `time` and is not wanted.
    func writeSettled(forgettingBefore time: Int64?) throws(FileError) -> [Written] {
        recorder?.drain()
        var written: [Written] = []
        while let first = orders.first {
            let capture: Written?
            do throws(FileError) {
                capture = try write(first)
            } catch {
                orders.removeFirst()
                throw error
            }
            guard let capture else { break }
            orders.removeFirst()
            written.append(capture)
        }
        if let time {
            // Side by side, what comes later in the run may have begun earlier.
            let begins = orders.map(\.scenario.capturedTimes.lowerBound)
            recorder?.forget(before: begins.reduce(time, min))
        }
        return written
    }

    /// Writes all that is left, for which it waits.
    func writeAll(on loop: PollLoop) throws(FileError) -> [Written] {
        var written: [Written] = []
        while !orders.isEmpty {
            let more = try writeSettled(forgettingBefore: nil)
            written += more
            if more.isEmpty { _ = try? loop.turn(nanoseconds: PacketCapture.delay / 2) }
        }
        return written
    }

    /// `nil` as long as its packets may still come.
    private func write(_ order: Order) throws(FileError) -> Written? {
        let isOverdue = MonotonicClock.now - order.moment > Self.patience
        guard isOverdue || recorder?.isSettled(until: order.scenario.ended.sinceEpoch) ?? true
        else { return nil }
        switch live(order) {
        case .success(let capture):
            left -= capture.bytes.count
            return try written(order, capture.bytes, .live(interface: capture.interface))
        case .failure(.gap) where !isOverdue: return nil
        case .failure(let reason):
            return try written(
                order, folder.synthesised(order.report, order.scenario, requirements),
                .synthesised(reason: reason.description))
        }
    }

    private func written(
        _ order: Order, _ bytes: [UInt8]?, _ source: ScenarioCapture.Source
    ) throws(FileError) -> Written {
        var capture: ScenarioCapture?
        if let bytes {
            let path = try folder.writeCapture(bytes, of: order.report.id, number: order.number)
            capture = ScenarioCapture(path: path, source: source)
        }
        return Written(id: order.report.id, number: order.number, capture: capture)
    }

    private func live(_ order: Order) -> Result<(bytes: [UInt8], interface: String), NotLive> {
        guard let recorder else { return .failure(notLive) }
        do throws(NotLive) {
            let recording = try recorder.recording(of: order.scenario)
            let size = recording.packets.reduce(0) { $0 + $1.bytes.count }
            guard size <= min(Self.mostOfOne, left) else { throw .tooLong(bytes: size) }
            do throws(RecordingGap) {
                let bytes = try LiveCapture.bytes(
                    of: order.report, requirements: requirements, recording: recording,
                    tool: Program.tool)
                return .success((bytes, recording.interface))
            } catch {
                throw .gap(error)
            }
        } catch {
            return .failure(error)
        }
    }
}
