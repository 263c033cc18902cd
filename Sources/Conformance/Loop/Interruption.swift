// SPDX-License-Identifier: Apache-2.0

import Posix

/// Whether somebody wants us to stop: SIGINT, SIGTERM, or SIGHUP as the terminal is closed.
final class Interruption {
    private static let all: [Signal] = [.interrupt, .terminate, .hangUp]

    private(set) var signal: Signal?
    private let signals: Signals?

    /// Nobody can interrupt.
    init() { signals = nil }

    /// Takes the signals from now on; to be made before the program's first thread.
    init(on loop: PollLoop) throws(SystemCallError) {
        let signals = try Signals(taking: Self.all)
        self.signals = signals
        _ = loop.watch(signals.descriptor, .readable) { [weak self] _ in self?.take() }
    }

    /// Lets the signals end the program until a run takes them: there is nothing to report yet.
    static func endsProgram() {
        Signals.exit(on: all, status: ProgramStatus.interrupted.rawValue)
    }

    var isRequested: Bool { signal != nil }

    /// As if the signal had come.
    func request(_ signal: Signal) { self.signal = signal }

    private func take() {
        while let next = try? signals?.next() { signal = next }
    }
}
