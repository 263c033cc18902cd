// SPDX-License-Identifier: Apache-2.0

import JSONText
import Specs
import Testing

@Suite("Connections and accounts of a protocol")
struct LinkAndAccountTests {
    private static let template = AccountsTemplate(
        names: "name", passwords: "name",
        line: TextPattern([.capture("name"), .literal([0x3A]), .capture("password")]))

    private func accounts(_ text: String) throws -> [String] {
        try Self.template.accounts(in: Array(text.utf8)).map {
            String(decoding: $0.name, as: UTF8.self) + "="
                + String(decoding: $0.password, as: UTF8.self)
        }
    }

    @Test("a file of accounts is read as it is written")
    func roundTrip() throws {
        let known = [
            Account(name: Array("al".utf8), password: Array("o pen".utf8)),
            Account(name: [0xFF], password: [0x80]),
        ]
        #expect(try Self.template.accounts(in: Self.template.file(known)) == known)
    }

    @Test("blank lines, and carriage returns at the ends of lines, are passed over")
    func tolerance() throws {
        #expect(try accounts("al:one\r\n\n \t\nbo:two") == ["al=one", "bo=two"])
        #expect(try accounts("") == [])
    }

    @Test(
        "a line that is none, and a name that is there twice, are told with their place",
        arguments: [
            ("al:one\nbo\n", "line 2: a line is \"‹name›:‹password›\""),
            ("al:one\n\nal:two\n", "line 3: \"al\" stands in line 1 already"),
        ])
    func problems(text: String, wanted: String) {
        let error = #expect(throws: AccountsProblem.self) { try accounts(text) }
        #expect(error?.description == wanted)
    }

    /// The problems of a protocol file whose members are these, beside those that it needs.
    private func problems(_ members: String) -> [String] {
        let text = """
            { "protocol": "tiny", "title": "Tiny",
            "framing": { "kind": "line", "terminator": "\\n" },
            "forms": { "client": [], "server": [] }, "states": ["open", "free"],
            "generators": { "word": { "alphabet": "abc", "length": [8, 8] } }, "peerNames": "word",
            \(members) }
            """
        let log = ProblemLog()
        guard let node = try? JSONReader.parse(whole: Array(text.utf8)) else { return ["no JSON"] }
        _ = ProtocolReader.document(reading: node, file: "protocol.json", log: log)
        return log.problems.map(\.message)
    }

    @Test("what connections, accounts and barriers name must be there")
    func names() {
        #expect(
            problems(
                #""links": { "b": { "begins": "free", "endsWith": "main" } }, "accounts": {"#
                    + #""names": "word", "passwords": "word", "line": "{{name}} {{password}}" }"#)
                == [])
        #expect(problems(#""links": { "b": { "begins": "fre" } }"#) == ["there is no state 'fre'"])
        #expect(
            problems(#""links": { "main": { "begins": "free" } }"#)
                == ["'main' is there already: it begins in the first state"])
        #expect(
            problems(#""links": { "b": { "begins": "free", "endsWith": "c" } }"#)
                == ["there is no connection 'c'"])
        #expect(
            problems(
                #""accounts": { "names": "x", "passwords": "word", "line": "{{name}}" }"#)
                == ["there is no generator 'x'", "a line has a name and a password"])
        #expect(
            problems(
                #""barriers": [{ "send": "a", "answer": "b", "link": "b", "#
                    + #""through": { "states": ["x"], "owner": [], "confirmation": "c" } }]"#)
                == ["there is no connection 'b'", "there is no state 'x'"])
    }
}
