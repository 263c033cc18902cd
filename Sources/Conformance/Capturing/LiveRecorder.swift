// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Reports
import Synchronization

/// Records the packets of a run, on one interface.
///
///     opening ──▶ recording ──▶ over
///        └───────────────────────▲
///
/// A thread opens it, as the kernel takes its time over the buffer; from then on the main thread
/// takes the packets out as its loop says that there are some.
final class LiveRecorder {
    private enum Phase {
        case opening(WorkerThread, Opening)
        case recording(PacketCapture, LinkType, PollLoop, Poller.Token)
        case over(NotLive)
    }

    private let place: CapturePlace
    private var phase: Phase
    private var store: PacketStore
    private var closing: WorkerThread?

    /// Bytes of packets that are held, of all scenarios that are not yet judged.
    private static let mostHeld = 64 << 20

    /// Begins to open it.
    init(_ place: CapturePlace) {
        self.place = place
        store = PacketStore(limit: Self.mostHeld, began: WallClock.now.sinceEpoch)
        let opening = Opening()
        do throws(SystemCallError) {
            phase = .opening(try WorkerThread { opening.open(place) }, opening)
        } catch {
            phase = .over(.unavailable(error.description))
        }
    }

    /// Waits until it records, or cannot; what passes from here on is recorded.
    func begin(on loop: PollLoop) {
        guard case .opening(let thread, let opening) = phase else { return }
        thread.join()
        switch opening.result {
        case .failure(let error): phase = .over(.unavailable(error.description))
        case .success(let capture):
            guard let linkType = LinkType(ofCapture: capture.linkType) else {
                phase = .over(
                    .unavailable("\(place.interface.name) is of a kind that is not known"))
                return
            }
            let token = loop.watch(capture.descriptor, .readable) { [weak self] _ in self?.drain() }
            phase = .recording(capture, linkType, loop, token)
        }
    }

    /// Takes out what the kernel has handed over, and little of what comes meanwhile.
    func drain() {
        guard case .recording(let capture, _, _, _) = phase else { return }
        var left = PacketCapture.buffer
        do throws(CaptureUnavailable) {
            while left > 0 {
                let packets = try capture.take()
                if packets.isEmpty { break }
                for packet in packets {
                    left -= packet.bytes.count
                    store.add(
                        RecordedPacket(
                            time: packet.time, length: packet.length, bytes: packet.bytes))
                }
            }
            store.note(dropped: capture.dropped ?? 0, at: WallClock.now.sinceEpoch)
        } catch {
            end(.unavailable(error.description))
        }
    }

    /// Whether all that passed until a time has been handed over.
    ///
    /// It has when something later has, or when it is so long ago that the kernel has looked since.
    func isSettled(until time: Int64) -> Bool {
        guard case .recording = phase else { return true }
        let late = WallClock.now.sinceEpoch - time
        return store.latest > time + 1_000_000 || late > 4 * PacketCapture.delay
    }

    /// What passed while the scenario ran.
    func recording(of scenario: ScenarioRun) throws(NotLive) -> Recording {
        let linkType: LinkType
        switch phase {
        case .opening: throw .unavailable("the recording had not begun")
        case .over(let reason): throw reason
        case .recording(_, let type, _, _): linkType = type
        }
        let times = scenario.capturedTimes
        let lost = store.lost(times)
        guard lost == 0 else { throw .dropped(lost) }
        guard !store.hasOverflown(times) else { throw .overflown }
        return Recording(
            interface: place.interface.name, linkType: linkType, packets: store.packets(times),
            server: CaptureEnd(scenario.address), clients: scenario.ours.mapValues(CaptureEnd.init),
            accepted: scenario.accepted.mapValues(ConnectionEnds.init),
            started: scenario.began.sinceEpoch)
    }

    /// Lets go what nobody will ask for any more.
    func forget(before time: Int64) { store.forget(before: time) }

    /// Ends the recording, in a thread of its own, as the kernel takes its time here, too.
    func close() {
        if case .opening(let thread, _) = phase { thread.join() }
        guard case .recording(let capture, _, _, _) = phase else {
            return end(.unavailable("the recording is over"))
        }
        // Nobody may wait for a descriptor that is closed.
        end(.unavailable("the recording is over"))
        closing = try? WorkerThread { capture.close() }
    }

    private func end(_ reason: NotLive) {
        if case .recording(_, _, let loop, let token) = phase { loop.forget(token) }
        phase = .over(reason)
    }
}

/// What a thread that opens a capture came to.
private final class Opening: Sendable {
    private let state = Mutex<Result<PacketCapture, CaptureUnavailable>?>(nil)

    func open(_ place: CapturePlace) {
        let result: Result<PacketCapture, CaptureUnavailable>
        do throws(CaptureUnavailable) {
            result = .success(try PacketCapture(on: place.interface, filter: place.filter))
        } catch {
            result = .failure(error)
        }
        state.withLock { $0 = result }
    }

    /// To be asked when the thread has ended.
    var result: Result<PacketCapture, CaptureUnavailable> {
        state.withLock { $0 } ?? .failure(.failed("the recording did not begin"))
    }
}

extension CaptureEnd {
    init(_ address: SocketAddress) {
        self.init(address: address.host.bytes, port: address.port)
    }
}

extension ConnectionEnds {
    init(_ ends: AcceptedEnds) {
        self.init(ours: CaptureEnd(ends.ours), theirs: CaptureEnd(ends.theirs))
    }
}

extension ScenarioRun {
    /// When its packets passed; a little longer, since the ends of its connections come last.
    var capturedTimes: ClosedRange<Int64> {
        let begin = min(began.sinceEpoch, (reachableSince ?? began).sinceEpoch) - 1_000_000
        return begin...max(begin, ended.sinceEpoch + 2 * PacketCapture.delay)
    }
}
