// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Conformance

@Suite("The launch line")
struct LaunchLineTests {
    private func command(_ text: String) throws -> [String] {
        try LaunchLine(parsing: text).command { "<\($0.rawValue)>" }
    }

    @Test("placeholders are filled in wherever they stand, also twice in a word")
    func placeholders() throws {
        #expect(
            try command("serve --at={host}:{port} '{dir}/x y' {port}{port}")
                == ["serve", "--at=<host>:<port>", "<dir>/x y", "<port><port>"])
    }

    @Test("braces that are no placeholder are text")
    func otherBraces() throws {
        #expect(
            try command(#"serve '{"a": {"b": 1}}' {port} {} { } {a-b} {"#)
                == ["serve", #"{"a": {"b": 1}}"#, "<port>", "{}", "{", "}", "{a-b}", "{"])
    }

    @Test(
        "what cannot be is told with what would be right",
        arguments: [
            ("", "empty"), ("serve", "no {port}"), ("serve {prot}", "did you mean {port}?"),
            ("serve {port} {colour}", "possible are {port}, {host}"),
            ("serve '{port}", "is not closed"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: LaunchLineError.self) { try LaunchLine(parsing: text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
