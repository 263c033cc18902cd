// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Posix
import Testing

@testable import Conformance

@Suite("Handing cases to jobs")
struct CaseBoardTests {
    private func cases(_ count: Int) throws -> [PlannedCase] {
        let members = """
            "requirements": ["must"], "steps": [{ "peer": "bob", "connect": true }]
            """
        return Array(repeating: PlannedCase(try plan(members)), count: count)
    }

    /// The jobs that something calls.
    private func called(_ board: CaseBoard, of jobs: Int) throws -> [Int] {
        try (0..<jobs).filter { job in
            var poller = Poller()
            _ = poller.add(board.call(of: job).descriptor, .readable)
            return try poller.pollNow() == 1
        }
    }

    private func isWaiting(_ turn: CaseBoard.Turn) -> Bool {
        if case .wait = turn { true } else { false }
    }

    @Test("who found nothing to do is called when there is something, and nobody else is")
    func onlyWhoWaits() throws {
        let board = try CaseBoard(jobs: 3)
        #expect(isWaiting(board.next(for: 1)))
        board.put(try cases(1), isLast: false)
        #expect(try called(board, of: 3) == [1])
        guard case .run = board.next(for: 1) else {
            Issue.record("a case was put there")
            return
        }
    }

    @Test("no more are called than there are cases; a second put calls the others")
    func asManyAsCases() throws {
        let board = try CaseBoard(jobs: 3)
        for job in [2, 0, 1] { #expect(isWaiting(board.next(for: job))) }
        board.put(try cases(1), isLast: false)
        #expect(try called(board, of: 3) == [2])
        board.put(try cases(2), isLast: false)
        #expect(try called(board, of: 3) == [0, 1, 2])
    }

    @Test("all who wait are called when no more will come, and find that it is over")
    func last() throws {
        let board = try CaseBoard(jobs: 2)
        for job in 0..<2 { #expect(isWaiting(board.next(for: job))) }
        board.put([], isLast: true)
        #expect(try called(board, of: 2) == [0, 1])
        guard case .over = board.next(for: 0) else {
            Issue.record("no more comes")
            return
        }
    }
}
