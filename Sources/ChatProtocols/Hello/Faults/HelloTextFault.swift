// SPDX-License-Identifier: Apache-2.0

/// Faults in reading what a whole line says.
enum HelloTextFault: String, HelloCommandFault {
    case lowercases = "lowers-the-case-of-names"
    case collapsesSpaces = "collapses-spaces"
    case oneWord = "sends-one-word"
    case cutsAtComma = "cuts-at-a-comma"
    case asciiOnly = "replaces-what-is-not-ascii"

    var meaning: FaultMeaning {
        switch self {
        case .lowercases: .init("login.hello", "capital letters of names become small ones")
        case .collapsesSpaces: .init("send.verbatim", "a run of spaces becomes one space")
        case .oneWord: .init("send.verbatim", "only the first word of a text is sent")
        case .cutsAtComma: .init("send.verbatim", "a text ends at its first comma")
        case .asciiOnly: .init("send.unicode", "bytes that are not ASCII become question marks")
        }
    }

    func perform(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        let line = misread(request)
        server.act(on: line.span, from: request.connection, into: &effects)
        return true
    }

    private func misread(_ request: HelloRequest) -> [UInt8] {
        let line = request.line
        return switch request.command {
        case .hello(let name):
            self == .lowercases ? line[..<name.lowerBound] + line[name].map(lowercased) : line
        case .send(let name, let text):
            if self == .lowercases {
                line[..<name.lowerBound] + line[name].map(lowercased) + line[name.upperBound...]
            } else {
                line[..<text.lowerBound] + misread(text: Array(line[text]))
            }
        case .list, .helloWithBadName, .badBody, .unknown:
            line
        }
    }

    private func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private func misread(text: [UInt8]) -> [UInt8] {
        let space = UInt8(ascii: " ")
        switch self {
        case .lowercases: return text
        case .collapsesSpaces:
            return text.indices.filter { index in
                index == 0 || text[index] != space || text[index - 1] != space
            }.map { text[$0] }
        case .oneWord: return Array(text.prefix { $0 != space })
        case .cutsAtComma: return Array(text.prefix { $0 != UInt8(ascii: ",") })
        case .asciiOnly: return text.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
        }
    }
}
