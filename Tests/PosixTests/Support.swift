// SPDX-License-Identifier: Apache-2.0

import Glibc
import Posix

let second: Int64 = 1_000_000_000

/// Asks again and again until `condition` holds; false if it does not within ten seconds.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = MonotonicClock.deadline(after: 10 * second)
    while MonotonicClock.now < deadline {
        if try condition() { return true }
        poll(nil, 0, 1)
    }
    return try condition()
}

/// A listener on loopback and one accepted connection to it.
struct Connected {
    let listener: Listener
    let client: Socket
    let server: Socket

    init(_ host: IPAddress = .loopback4, receiveBuffer: Int32? = nil) throws {
        listener = try Listener(on: SocketAddress(host, port: 0))
        client = try Socket.connect(
            to: listener.localAddress,
            receiveBuffer: receiveBuffer,
            within: 5 * second
        )
        server = try accepting(listener)
    }
}

struct NothingCame: Error {}

func accepting(_ listener: Listener) throws -> Socket {
    var accepted: Socket?
    _ = try eventually {
        if case .accepted(let socket, _) = try listener.accept() { accepted = socket }
        return accepted != nil
    }
    guard let accepted else { throw NothingCame() }
    return accepted
}

/// One `receive` that is not `.wouldBlock`, with its bytes.
func receiving(_ socket: Socket, atMost count: Int = 65_536) throws -> (IOResult, [UInt8]) {
    guard try socket.waits(for: .readable, until: MonotonicClock.deadline(after: 5 * second))
    else { throw NothingCame() }
    var bytes = [UInt8](repeating: 0, count: count)
    let result = try bytes.withUnsafeMutableBytes { try socket.receive(into: $0) }
    guard case .processed(let received) = result else { return (result, []) }
    return (result, Array(bytes.prefix(received)))
}

/// Reads a pipe to its end, or until `enough`.
func reading(_ pipe: Descriptor, until enough: ([UInt8]) -> Bool = { _ in false }) throws -> String
{
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    let ended = try eventually {
        switch try buffer.withUnsafeMutableBytes({ try pipe.read(into: $0) }) {
        case .processed(let count): all += buffer.prefix(count)
        case .wouldBlock: break
        case .endOfStream, .reset: return true
        }
        return enough(all)
    }
    guard ended else { throw NothingCame() }
    return String(decoding: all, as: UTF8.self)
}

func openDescriptors() throws -> Int {
    try Files.entries(of: "/proc/self/fd").count
}

/// Whether a process exists, be it a zombie.
func exists(_ process: Int32) -> Bool {
    kill(process, 0) == 0 || errno != ESRCH
}
