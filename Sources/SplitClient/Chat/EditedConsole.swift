// SPDX-License-Identifier: Apache-2.0

import LineEditing
import Posix

/// A terminal on which a person edits the line that is typed, with a history, while what comes in
/// appears above it.
final class EditedConsole: ChatConsole {
    private let streams: Streams
    private let editor: LineEditor
    private var prompt = ChatPrompt.none
    /// While a secret is typed, the editor rests and the terminal does not echo.
    private var echo: TerminalEcho?
    private var secrets = TypedLines()
    private var hasEnded = false
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)

    /// `nil` where standard input and output are no terminal that can be edited on.
    init?(_ streams: Streams) {
        let isTerminal = [streams.input.number, Terminal.standardOutput].allSatisfy {
            Terminal.isTerminal($0)
        }
        guard isTerminal, Terminal.movesCursor(), let editor = LineEditor(program: Program.name)
        else { return nil }
        self.streams = streams
        self.editor = editor
    }

    deinit { buffer.deallocate() }

    var descriptor: Int32 { streams.input.number }
    var mayWait: Bool { false }

    func show(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        let text = lines.map { $0 + "\n" }.joined()
        if echo != nil {
            write("\r\u{1B}[K" + text + prompt.text)
        } else {
            write(wipe() + text)
            editor.redraw()
        }
    }

    func ask(_ prompt: ChatPrompt) {
        guard prompt != self.prompt else { return }
        write(wipe())
        self.prompt = prompt
        editor.setPrompt(prompt.text)
        editor.redraw()
    }

    func settle() {
        guard !hasEnded else { return }
        switch prompt {
        case .none, .mark, .question: editor.begin()
        case .secret:
            guard echo == nil else { return }
            editor.rest()
            write("\r\u{1B}[K" + prompt.text)
            echo = TerminalEcho(hiding: descriptor)
        }
    }

    func read() throws(SystemCallError) -> ConsoleInput {
        if echo != nil { return try readSecret() }
        switch editor.read() {
        case .typing: return .lines([])
        case .line(let line):
            if case .question = prompt { forgetQuestion() }
            return .lines([line])
        case .end:
            hasEnded = true
            write(wipe())
            editor.rest()
            return .end(last: [])
        }
    }

    func resized() { editor.resize() }

    func pause() {
        write(wipe())
        editor.pause()
        echo?.restore()
    }

    func resume() {
        if echo != nil {
            echo?.restore()
            echo = TerminalEcho(hiding: descriptor)
            write("\r\u{1B}[K" + prompt.text)
        } else if editor.isEditing {
            write("\r\u{1B}[J")
            editor.resume()
        }
    }

    func close() {
        echo?.restore()
        write(wipe())
        editor.close()
    }

    private func readSecret() throws(SystemCallError) -> ConsoleInput {
        switch try streams.input.read(into: buffer) {
        case .processed(let count):
            let lines = secrets.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            if !lines.isEmpty {
                echo = nil
                forgetQuestion()
            }
            return .lines(lines)
        case .wouldBlock: return .lines([])
        case .endOfStream, .reset: return .end(last: [])
        }
    }

    /// An answered question is not asked again.
    private func forgetQuestion() {
        prompt = .none
        editor.setPrompt("")
    }

    /// What takes the typed line away; the first part is what the source of `padded` does.
    private func wipe() -> String {
        guard editor.isEditing else { return "" }
        let columns = Terminal.width(Terminal.standardOutput) ?? 80
        return "\r    \r" + editor.erasure(columns: columns)
    }

    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        _ = try? streams.print(Array(text.utf8))
    }
}
