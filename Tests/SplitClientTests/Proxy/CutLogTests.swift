// SPDX-License-Identifier: Apache-2.0

import Foundation
import Posix
import Testing

@testable import SplitClient

@Suite("The log of cuts")
struct CutLogTests {
    /// Writes a log into a folder of its own, which `use` may look at.
    private func withLog(
        _ write: (CutLog) throws -> Void, _ use: (String, _ path: String) throws -> Void
    ) throws {
        let folder = NSTemporaryDirectory() + "chatspec-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/cuts.txt"
        try write(try CutLog(path))
        try use(String(decoding: try Files.read(path), as: UTF8.self), path)
    }

    @Test("each line says what it says again when it is read")
    func roundTrip() throws {
        let events: [CutLogLine.Event] =
            [.segment, .flush, .missed, .block] + RouteEnd.allCases.map { .end($0) }
        for event in events {
            for route in ProxyRoute.allCases {
                let line = CutLogLine(connection: 12, route: route, event: event, offset: 345)
                #expect(CutLogLine(parsing: Substring(line.text.dropLast())) == line)
            }
        }
        let first = CutLogLine(connection: 1, route: .there, event: .segment, offset: 200)
        #expect(first.text == "1 > 200\n")
        let last = CutLogLine(connection: 2, route: .back, event: .end(.injectedFin), offset: 7)
        #expect(last.text == "2 < injected-fin 7\n")
    }

    @Test(
        "other lines are none",
        arguments: [
            "", "1 > ", "1 >", "1 = 3", "0 > 3", "1 > -3", "1 > +3", "1 > fin", "1 > end 3",
            "1 > 3 4 5", "1  > 3", "x > 3", "1 > 99999999999999999999",
        ])
    func noLines(text: String) {
        #expect(CutLogLine(parsing: text[...]) == nil)
    }

    @Test("blocks are in the order of connections, whichever ended first")
    func order() throws {
        try withLog { log in
            for number in [3, 1, 2] {
                var block = ConnectionLog(number)
                try log.add(CutRecord(ends: [9]), .back, to: &block)
                try log.add(CutRecord(ends: [number, 100]), .there, to: &block)
                try log.add(.fin, 100, .there, to: &block)
                try log.finish(block)
            }
            try log.finish()
        } _: { text, _ in
            #expect(
                text == """
                    splitclient cut log 1
                    1 > 1
                    1 > 100
                    1 > fin 100
                    1 < 9
                    2 > 2
                    2 > 100
                    2 > fin 100
                    2 < 9
                    3 > 3
                    3 > 100
                    3 > fin 100
                    3 < 9

                    """)
        }
    }

    @Test("what time has forced stands in the other file, and the log says nothing of it")
    func flushes() throws {
        try withLog { log in
            var block = ConnectionLog(1)
            let record = CutRecord(ends: [4, 8], flushes: [6], missed: [4], blocks: [7])
            try log.add(record, .there, to: &block)
            try log.finish(block)
        } _: { text, path in
            #expect(text == "splitclient cut log 1\n1 > 4\n1 > 8\n")
            let other = try Files.read(path + ".flushes")
            #expect(
                String(decoding: other, as: UTF8.self)
                    == "splitclient cut log 1\n1 > flush 6\n1 > missed 4\n1 > block 7\n")
        }
    }

    @Test("a long block that waits for another is all there")
    func spilling() throws {
        try withLog { log in
            var second = ConnectionLog(2)
            for offset in 1...10_000 {
                try log.add(CutRecord(ends: [offset]), .there, to: &second)
            }
            try log.finish(second)
            try log.finish(ConnectionLog(1))
        } _: { text, _ in
            let lines = text.split(separator: "\n").dropFirst()
            #expect(lines.elementsEqual((1...10_000).map { "2 > \($0)" }))
        }
    }

    @Test("a folder that is not there is named")
    func noFolder() {
        #expect(throws: FileError.self) { try CutLog("/nowhere/cuts.txt") }
    }
}

@Suite("Replaying a log of cuts")
struct CutReplayTests {
    private func lines(_ text: String) throws -> [CutLogLine] {
        try CutReplay.parse(Array(("splitclient cut log 1\n" + text).utf8), "cuts.txt")
    }

    @Test("planned ends and flushes are cuts, what was missed is none")
    func ends() throws {
        let replay = CutReplay(
            try lines("1 > 4\n1 > 8\n1 > fin 8\n2 < 3\n1 > flush 6\n1 > missed 4\n1 > block 7\n"))
        #expect(replay[1, .there]?.ends == [6, 7, 8])
        #expect(replay[2, .back]?.ends == [3])
        #expect(replay[1, .back] == nil)
        #expect(replay[1, .there]?.injection == nil)
    }

    @Test("an end that was injected is injected again")
    func injection() throws {
        let replay = CutReplay(try lines("1 < 5\n1 < injected-reset 5\n"))
        let route = ReplayedRoute(ends: [5], injection: Injection(kind: .reset, offset: 5))
        #expect(replay[1, .back] == route)
    }

    @Test(
        "lines that no run can have written are named with their place",
        arguments: ["1 > 17\n1 > 5\n", "1 > fin 5\n1 > 7\n", "1 < 9\n1 < reset 8\n"])
    func impossible(text: String) throws {
        let error = try #require(throws: CutReplayError.self) { try lines(text) }
        #expect(error.description.hasPrefix("cuts.txt:3: "))
    }

    @Test("a wrong line is named with its place and what would be right")
    func wrong() throws {
        let error = try #require(throws: CutReplayError.self) { try lines("1 > 4\n1 > x\n") }
        #expect(error.description.hasPrefix("cuts.txt:3: \"1 > x\" is not possible; expected is"))
        let other = try #require(throws: CutReplayError.self) {
            try CutReplay.parse(Array("1 > 4\n".utf8), "cuts.txt")
        }
        #expect(other.description.hasPrefix("cuts.txt:1: a log of cuts begins with the line"))
    }
}
