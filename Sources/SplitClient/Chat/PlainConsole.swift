// SPDX-License-Identifier: Apache-2.0

import Posix

/// A console without any editing: a pipe, a file, or a terminal that knows no cursor movement.
///
/// Questions are always shown. Marks such as `[Me]` are, where they are wanted: then each line that
/// is shown wipes the mark first (carriage return, four spaces, carriage return), and a new mark
/// follows it.
final class PlainConsole: ChatConsole {
    private let streams: Streams
    private let showsMarks: Bool
    /// Whether the end of a typed line also moves the cursor.
    private let isEchoed: Bool
    private var lines = TypedLines()
    private var prompt = ChatPrompt.none
    /// Whether the cursor stands behind the prompt.
    private var isPrompted = false
    private var echo: TerminalEcho?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    init(_ streams: Streams, showsMarks: Bool, isEchoed: Bool) {
        self.streams = streams
        self.showsMarks = showsMarks
        self.isEchoed = isEchoed
    }

    deinit { buffer.deallocate() }

    var descriptor: Int32 { streams.input.number }
    var mayWait: Bool { !isEchoed }

    func show(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        write(leave() + lines.map { $0 + "\n" }.joined())
    }

    func ask(_ prompt: ChatPrompt) {
        write(leave())
        self.prompt = prompt
        // Answers may be there already: a question is shown before they are taken.
        switch prompt {
        case .none, .mark: break
        case .question, .secret: settle()
        }
    }

    func settle() {
        guard !isPrompted else { return }
        switch prompt {
        case .none: return
        case .mark: guard showsMarks else { return }
        case .question: break
        case .secret: if isEchoed { echo = TerminalEcho(hiding: descriptor) }
        }
        write(prompt.text)
        isPrompted = true
    }

    func read() throws(SystemCallError) -> ConsoleInput {
        switch try streams.input.read(into: buffer) {
        case .processed(let count):
            let taken = lines.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            if !taken.isEmpty { answered() }
            return .lines(taken)
        case .wouldBlock: return .lines([])
        case .endOfStream, .reset:
            return .end(last: lines.takeRest())
        }
    }

    func resized() {}

    func pause() { echo?.restore() }

    func resume() {
        if echo != nil {
            echo?.restore()
            echo = TerminalEcho(hiding: descriptor)
        }
        if isEchoed, isPrompted { write("\r" + prompt.text) }
    }

    func close() {
        echo?.restore()
        if isPrompted { write(leave()) }
        isPrompted = false
    }

    /// A line was typed: a terminal has moved on, and nothing else has.
    private func answered() {
        echo?.restore()
        echo = nil
        guard isPrompted else { return }
        switch prompt {
        case .none: break
        case .mark: if isEchoed { isPrompted = false }
        case .question, .secret:
            if !isEchoed { write("\n") }
            isPrompted = false
            prompt = .none
        }
    }

    /// What takes the cursor from behind the prompt to the beginning of a line.
    private func leave() -> String {
        guard isPrompted else { return "" }
        isPrompted = false
        switch prompt {
        case .none: return ""
        case .mark: return "\r    \r"
        case .question, .secret: return "\n"
        }
    }

    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        _ = try? streams.print(Array(text.utf8))
    }
}
