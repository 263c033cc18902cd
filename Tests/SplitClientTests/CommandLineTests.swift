// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("splitclient's command line")
struct CommandLineTests {
    @Test("help and version go to standard output")
    func help() throws {
        let help = try PipeCall(["pipe", "--help"])
        #expect(help.status == .success)
        let text = String(decoding: help.output, as: UTF8.self)
        #expect(text.contains("splitclient pipe <host> <port>"))
        #expect(text.contains("--framing"))
        #expect(help.errorText.isEmpty)
        #expect(try PipeCall(["--version"]).output == Array("splitclient 0.1.0\n".utf8))
    }

    @Test(
        "a mistake is named with what would be right: status 2",
        arguments: [
            (["pipe", "h", "1"], "--cut is missing"),
            (["pipe", "h", "1", "--cut", "byte"], "did you mean bytes?"),
            (["pipe", "h", "1", "--cut", "pairs"], "pairs is a family of plans"),
            (["pipe", "h", "0", "--cut", "bytes"], "a whole number from 1 to 65535"),
            (["pipe", "h", "--cut", "bytes"], "the argument <port> is missing"),
            (["pipe", "h", "1", "--cut", "bytes", "--framing", "fixed"], "fixed:N with N from 1"),
            (["pipe", "h", "1", "--cut=bytes", "--framing=fixed:0"], "fixed:N with N from 1"),
            (["pipe", "h", "1", "--cut=bytes", "--framing=lines"], "line, json or none"),
            (["pipe", "h", "1", "--cut", "bytes", "--pace", "soon"], "drained, or a time"),
            (["pump"], "possible are pipe, chat, stress, proxy"),
            (["chat", "padded", "h", "1"], "padded needs a name"),
            (["chat", "channels", "h", "1", "ann"], "channels takes no name here"),
            (["chat", "jsn", "h", "1"], "expected is padded, hello, json"),
            (["stress", "callback", "h", "1"], "callback needs --users FILE"),
            (["stress", "hello", "h", "1", "--connections", "1"], "from 2 to 20000"),
            (["proxy", "--to", "h:1"], "--listen is missing; expected is PORT or HOST:PORT"),
            (["proxy", "--listen", "0"], "--to is missing; expected is HOST:PORT"),
            (["proxy", "--listen", "x", "--to", "h:1"], "expected is PORT or HOST:PORT"),
            (["proxy", "--listen", "0", "--to", "h:0"], "a port from 1 to 65535"),
            (["proxy", "--listen=0", "--to=h:1", "--back=byte"], "--back: \"byte\" is no cut"),
            (["proxy", "--listen=0", "--to=h:1", "--back=pairs"], "--back: pairs is a family"),
            (["proxy", "--listen=0", "--to=h:1", "--cut=random:"], "random:SEED"),
            (
                ["proxy", "--listen=0", "--to=h:1", "--reset-at=1", "--close-at=2"],
                "a direction has one end"
            ),
            (
                ["proxy", "--listen=0", "--to=h:1", "--cut=bytes", "--replay=f"],
                "does not go with --cut or --back"
            ),
            (["proxy", "--listen=0", "--to=h:1", "--replay=/no/f"], "--replay: /no/f: No"),
        ])
    func mistakes(words: [String], sentence: String) throws {
        let call = try PipeCall(words)
        #expect(call.status == .usage)
        #expect(call.errorText.contains(sentence))
        #expect(call.output.isEmpty)
    }
}
