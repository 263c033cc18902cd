// SPDX-License-Identifier: Apache-2.0

/// Lines behind a request whose answer decides what becomes of them.
///
/// A person would look at the answer first, so a line of a script is not acted on before.
struct AwaitedAnswer {
    private var lines: ArraySlice<[UInt8]> = []
    private var hasInputEnded = false
    private(set) var isDue = false
    /// How many answers were waited for.
    private(set) var count = 0

    var isEmpty: Bool { lines.isEmpty }
    /// Whether all lines that will ever come were acted on.
    var isOver: Bool { hasInputEnded && isEmpty }

    mutating func add(_ line: [UInt8]) { lines.append(line) }

    mutating func endInput() { hasInputEnded = true }

    /// The next line that may be acted on.
    mutating func next() -> [UInt8]? { isDue ? nil : lines.popFirst() }

    mutating func begin() {
        isDue = true
        count += 1
    }

    mutating func end() { isDue = false }
}

/// A machine that holds lines back until the answer has come that decides about them.
protocol AwaitingMachine: ChatMachine {
    var awaited: AwaitedAnswer { get set }

    /// Acts on a line whose turn has come; it may begin to wait for an answer.
    mutating func take(_ line: [UInt8]) -> [ChatEffect]
}

extension AwaitingMachine {
    var takesLines: Bool { awaited.isEmpty }
    var awaitsAnswer: Bool { awaited.isDue }
    var awaitedAnswers: Int { awaited.count }

    mutating func typed(_ line: [UInt8]) -> [ChatEffect] {
        awaited.add(line)
        return goOn()
    }

    mutating func inputEnded() -> [ChatEffect] {
        awaited.endInput()
        return goOn()
    }

    mutating func answerIsOverdue(isAttended: Bool) -> [ChatEffect] {
        awaited.end()
        return goOn()
    }

    /// Acts on the lines that wait for nothing any more.
    mutating func goOn() -> [ChatEffect] {
        var effects: [ChatEffect] = []
        while let line = awaited.next() { effects += take(line) }
        return effects + (awaited.isOver ? [.finish] : [])
    }
}
