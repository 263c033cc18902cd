// SPDX-License-Identifier: Apache-2.0

import CEdit

/// A line on the terminal that a person edits, with a history, and text that comes in meanwhile.
///
///     resting ──begin──▶ editing ──a line, or rest──▶ resting
///
/// Waits for nothing: ask `read` when standard input is readable. The terminal is as it was while
/// the editor rests; while a line is being edited, others write to it between `erasure` and
/// `redraw` only.
///
/// The library is libedit (`editline(3)`), called with what it reads one key at a time
/// (`EL_UNBUFFERED`).
package final class LineEditor {
    package enum Input: Equatable, Sendable {
        /// A line was finished; without its line feed.
        case line([UInt8])
        /// A key was taken, the line goes on.
        case typing
        /// End of input: Control-D on an empty line, or no terminal any more.
        case end
    }

    private var editor: OpaquePointer?
    private let history: OpaquePointer?
    private var prompt: UnsafeMutablePointer<CChar>
    private var promptText = ""
    package private(set) var isEditing = false
    /// Lines that the history keeps.
    private static let historySize: Int32 = 1000
    private static let controlD: UInt8 = 4

    /// Takes over the terminal of standard input and output; `nil` where it cannot be edited on.
    ///
    /// The corresponding C functions are `el_init` and `history_init`.
    package init?(program: String) {
        cedit_use_locale()
        guard let editor = cedit_open(program) else { return nil }
        self.editor = editor
        let history = history_init()
        self.history = history
        prompt = Self.copy("")
        if let history {
            _ = cedit_limit_history(history, Self.historySize)
            _ = cedit_use_history(editor, history)
        }
        _ = cedit_use_emacs_keys(editor)
        _ = cedit_use_prompt(editor, prompt)
        _ = cedit_set_flag(editor, EL_SIGNAL, 0)
    }

    deinit {
        close()
        prompt.deallocate()
        if let history { history_end(history) }
    }

    /// Draws the prompt and takes keys from now on.
    package func begin() {
        guard let editor, !isEditing else { return }
        isEditing = true
        _ = cedit_set_flag(editor, EL_UNBUFFERED, 1)
        cedit_flush()
    }

    /// Gives the terminal back as it was; what was typed of a line is forgotten.
    package func rest() {
        guard let editor, isEditing else { return }
        isEditing = false
        _ = cedit_set_flag(editor, EL_UNBUFFERED, 0)
        cedit_flush()
    }

    /// Rests for good; closing twice is as once.
    package func close() {
        rest()
        guard let editor else { return }
        el_end(editor)
        self.editor = nil
    }

    /// Takes one key and shows what it did.
    ///
    /// The corresponding C function is `el_gets`.
    package func read() -> Input {
        guard let editor, isEditing else { return .end }
        var count: Int32 = 0
        guard let text = el_gets(editor, &count), count > 0 else {
            return count < 0 ? .end : .typing
        }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
        if count == 1, bytes[0] == Self.controlD { return .end }
        guard let last = bytes.last, last == 0x0A || last == 0x0D else { return .typing }
        if let history, count > 1 { _ = cedit_enter_history(history, text) }
        let finished = [UInt8](bytes.dropLast())
        rest()
        return .line(finished)
    }

    /// Changes the prompt; it is drawn by `begin` or `redraw`.
    package func setPrompt(_ text: String) {
        promptText = text
        let old = prompt
        prompt = Self.copy(text)
        if let editor { _ = cedit_use_prompt(editor, prompt) }
        old.deallocate()
    }

    /// Draws prompt and typed text where the cursor stands.
    package func redraw() {
        guard let editor, isEditing else { return }
        _ = cedit_refresh(editor)
        cedit_flush()
    }

    /// What makes room for text above the line that is being typed; `redraw` follows it.
    package func erasure(columns: Int) -> String {
        TypedText.erasure(
            rowsAbove: TypedText.rowsAbove(
                prompt: promptText, typed: beforeCursor, columns: columns,
                width: { Int(wcwidth(wchar_t($0.value))) }))
    }

    /// Takes notice of the terminal's new size.
    ///
    /// The corresponding C function is `el_resize`.
    package func resize() {
        if let editor { el_resize(editor) }
    }

    private var beforeCursor: String {
        guard let editor, let line = el_line(editor) else { return "" }
        let info = line.pointee
        let count = info.cursor - info.buffer
        let bytes = UnsafeRawBufferPointer(start: info.buffer, count: count)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = Array(text.utf8CString)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        copy.update(from: bytes, count: bytes.count)
        return copy
    }
}
