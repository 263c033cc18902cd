// SPDX-License-Identifier: Apache-2.0

import Posix

/// Where a chat is shown and typed.
protocol ChatConsole: AnyObject {
    /// Readable when something was typed.
    var descriptor: Int32 { get }
    /// Whether what is typed may stay unread for a while: nobody sees what a pipe holds.
    var mayWait: Bool { get }
    /// Shows whole lines, harmless ones, without disturbing what is being typed.
    func show(_ lines: [String])
    func ask(_ prompt: ChatPrompt)
    /// Takes what was typed; to be called when `descriptor` is readable.
    func read() throws(SystemCallError) -> ConsoleInput
    /// All that follows from what was read is done: the next line may be asked for.
    func settle()
    func resized()
    /// Leaves the terminal as it was for as long as the program is stopped.
    func pause()
    /// The program goes on; the terminal may have other modes and show something else.
    func resume()
    /// Leaves the terminal as it was.
    func close()
}

enum ConsoleInput: Equatable {
    /// Lines without their line feeds, perhaps none yet.
    case lines([[UInt8]])
    case end(last: [[UInt8]])
}

/// Cuts what is typed into lines.
struct TypedLines {
    /// A line without an end in sight is taken for one here: 1 MiB, to bound what is held.
    static let longest = 1 << 20
    private var held: [UInt8] = []

    mutating func take(_ block: UnsafeRawBufferPointer) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = ByteScanning.firstIndex(of: 0x0A, in: block, from: start) {
            lines.append(held + block[start..<end])
            held = []
            start = end + 1
        }
        held += block[start...]
        if held.count >= Self.longest { lines += takeRest() }
        return lines
    }

    mutating func takeRest() -> [[UInt8]] {
        defer { held = [] }
        return held.isEmpty ? [] : [held]
    }
}
