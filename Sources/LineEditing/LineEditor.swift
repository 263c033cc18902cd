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
/// (`EL_UNBUFFERED`). It answers `NULL` and -1 to every key that leaves the line empty, as it does
/// at the end of input; so it reads its keys through a function of ours, which knows the end.
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
    private let state: UnsafeMutablePointer<cedit_state>
    private var promptText = ""
    package private(set) var isEditing = false
    /// Lines that the history keeps.
    private static let historySize: Int32 = 1000
    private static let controlD: wchar_t = 4
    /// The keys whose functions read further keys before they return.
    ///
    /// While they do, nothing that comes in could be shown. They search, quote, begin sequences
    /// other than those of Escape, ask for a command, or count.
    private static let readers =
        ["^R", "^V", "^@", "^X", "^[x", "^[X"] + (0...9).map { "^[\($0)" }

    /// Takes over the terminal of standard input and output; `nil` where it cannot be edited on.
    ///
    /// The corresponding C functions are `el_init` and `history_init`.
    package init?(program: String) {
        cedit_use_locale()
        let state = UnsafeMutablePointer<cedit_state>.allocate(capacity: 1)
        state.initialize(
            to: cedit_state(prompt: Self.copy(""), keys: 0, last: 0, has_ended: 0))
        guard let editor = cedit_open(program, state) else {
            state.pointee.prompt.deallocate()
            state.deallocate()
            return nil
        }
        self.state = state
        self.editor = editor
        let history = history_init()
        self.history = history
        if let history {
            _ = cedit_limit_history(history, Self.historySize)
            _ = cedit_use_history(editor, history)
        }
        _ = cedit_use_emacs_keys(editor)
        for key in Self.readers { _ = cedit_unbind(editor, key) }
        _ = cedit_set_flag(editor, EL_SIGNAL, 0)
    }

    deinit {
        close()
        state.pointee.prompt.deallocate()
        state.deallocate()
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

    /// Gives the terminal its modes back for a while, as before the program is stopped.
    ///
    /// What was typed stays. Erase the line first, and call `resume` then.
    package func pause() {
        guard let editor, isEditing else { return }
        _ = cedit_set_flag(editor, EL_PREP_TERM, 0)
    }

    /// Takes the terminal over again, whatever modes it has, and draws the line at the cursor.
    ///
    /// Without a `pause`, too: others may have changed the modes.
    package func resume() {
        guard let editor, isEditing else { return }
        _ = cedit_set_flag(editor, EL_PREP_TERM, 0)
        _ = cedit_set_flag(editor, EL_PREP_TERM, 1)
        redraw()
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
        let wasEmpty = isEmpty
        (state.pointee.keys, state.pointee.last) = (0, 0)
        var count: Int32 = 0
        let text = el_gets(editor, &count)
        if state.pointee.has_ended != 0 { return .end }
        guard let text, count > 0 else { return .typing }
        // One behind Escape is the second key that was read.
        let isControlD = state.pointee.keys == 1 && state.pointee.last == Self.controlD
        if wasEmpty, isControlD { return .end }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
        guard let last = bytes.last, last == 0x0A || last == 0x0D else { return .typing }
        if let history, count > 1 { _ = cedit_enter_history(history, text) }
        let finished = [UInt8](bytes.dropLast())
        rest()
        return .line(finished)
    }

    /// Changes the prompt; it is drawn by `begin` or `redraw`.
    package func setPrompt(_ text: String) {
        promptText = text
        state.pointee.prompt.deallocate()
        state.pointee.prompt = Self.copy(text)
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

    private var isEmpty: Bool {
        guard let editor, let line = el_line(editor) else { return true }
        return line.pointee.lastchar == line.pointee.buffer
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
