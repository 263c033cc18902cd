// SPDX-License-Identifier: Apache-2.0

import Arguments
import Testing

@Suite("ShellWords")
struct ShellWordsTests {
    @Test(
        "a line is split as a shell would",
        arguments: [
            ("python3 server.py {port}", ["python3", "server.py", "{port}"]),
            ("  a \t b\nc  ", ["a", "b", "c"]),
            ("", []),
            ("   ", []),
            (#"'a b' "c d""#, ["a b", "c d"]),
            (#"a'b'"c"d"#, ["abcd"]),
            (#"'' "" x"#, ["", "", "x"]),
            (#"a\ b \'c\" \\"#, ["a b", "'c\"", "\\"]),
            (#"'a\b' "a\b \" \\ \$ \`""#, [#"a\b"#, #"a\b " \ $ `"#]),
            ("a\\\nb \"c\\\nd\"", ["ab", "cd"]),
            ("a|b ; c > $HOME * #d", ["a|b", ";", "c", ">", "$HOME", "*", "#d"]),
            ("é 'ü x'", ["é", "ü x"]),
        ]
    )
    func splits(line: String, words: [String]) throws {
        #expect(try ShellWords.split(line) == words)
    }

    @Test(
        "what is not closed is refused where it was opened",
        arguments: [
            (
                "a 'b",
                "the quote ' at offset 2 is not closed; add another ', or write \\' for the "
                    + "character itself"
            ),
            (
                "a \"b'",
                "the quote \" at offset 2 is not closed; add another \", or write \\\" for "
                    + "the character itself"
            ),
            (
                "\"a\\\"",
                "the quote \" at offset 0 is not closed; add another \", or write \\\" for "
                    + "the character itself"
            ),
            (
                "\"a\\",
                "the quote \" at offset 0 is not closed; add another \", or write \\\" for "
                    + "the character itself"
            ),
            ("ab \\", "nothing follows the backslash at offset 3; write \\\\ for a backslash"),
        ]
    )
    func refuses(line: String, message: String) {
        let error = #expect(throws: ShellWordsError.self) { try ShellWords.split(line) }
        #expect(error?.description == message)
    }
}
