// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

extension FindingKind {
    /// What happened, in one sentence that names the connection.
    func sentence(on connection: String) -> String {
        switch self {
        case .mismatch(let mismatch):
            mismatch.reason.map { "\(connection) received another message than required: \($0)" }
                ?? "\(connection) received another message than required"
        case .unexpected: "\(connection) received a message that nothing asked for"
        case .strayed(let asked):
            "\(connection) received the answer to what \(asked) sent (a barrier: a request that every server answers)"
        case .silence(_, let waited): "\(connection) received nothing within \(Self.time(waited))"
        case .endedInstead(let end, _):
            "the server \(Self.ended(end)) \(connection) instead of answering"
        case .endedUnasked(let end):
            "the server \(Self.ended(end)) \(connection), which nobody asked for"
        case .missing(let missing, let waited):
            "\(missing.count) expected message\(missing.count == 1 ? "" : "s") did not come within \(Self.time(waited))"
        case .notEnded(let waited):
            "the server did not close \(connection) within \(Self.time(waited))"
        case .wrongEnd(let end, let wanted):
            "the server \(Self.ended(end)) \(connection), where \(wanted.shown) is required"
        case .refused(let reason): "\(connection) could not connect: \(reason)"
        case .notAccepted(let waited):
            "\(connection) could not connect: neither accepted nor refused within \(Self.time(waited))"
        case .notConnected(let waited):
            "the server did not open \(connection) within \(Self.time(waited))"
        case .connectedUnasked(let port):
            "the server connected to the port \(port), which nobody asked for"
        case .notRefused: "\(connection) was accepted, where it is to be refused"
        case .unanswered(let waited):
            "no right answer came on \(connection) within \(Self.time(waited)) (to a barrier: a request that every server answers)"
        case .notTaken(let waited):
            "the server took nothing more from \(connection) for \(Self.time(waited))"
        case .neverHeld(let attempts, _, let waited):
            "asked \(attempts) times within \(Self.time(waited)), \(connection) never got the required answer"
        case .framing(let deviation): "\(connection): \(deviation.sentence)"
        case .tolerated(let reason): "tolerated: \(reason)"
        case .serverEnded(let how): "the server ended during the scenario: \(how)"
        case .notRestarted(let failure):
            "the server was ended by the runner and did not come back: \(failure.sentence)"
        case .notExited(let waited): "the server did not end within \(Self.time(waited))"
        case .textInFile(let text, let file):
            "the server's file \(ByteEscaping.escape(file.utf8)) holds \(text)"
        case .noFiles:
            "the server has written no file that the runner can see; write {database} in the launch line"
        case .flooded(let bytes):
            "the server sent \(bytes) bytes in one scenario: more, or in more pieces, than the runner takes"
        case .interrupted: "the run was interrupted"
        case .inconsistent(let what): "a fault of chatspec itself: \(what)"
        }
    }

    /// All that would have been accepted.
    var accepted: [String] {
        switch self {
        case .mismatch(let mismatch): mismatch.accepted
        case .unexpected: ["nothing"]
        case .strayed(let asked): ["an answer to \(asked) alone"]
        case .silence(let accepted, _), .endedInstead(_, let accepted),
            .neverHeld(_, let accepted, _):
            accepted
        case .missing(let missing, _): missing
        case .endedUnasked: ["an open connection"]
        case .notEnded: ["a close"]
        case .wrongEnd(_, let wanted): [wanted.shown]
        case .notAccepted: ["a connection"]
        case .notConnected: ["a connection to the port that the server was told"]
        case .connectedUnasked: ["no connection"]
        case .framing(let deviation): [deviation.accepted]
        case .refused, .notRefused, .unanswered, .notTaken, .tolerated, .serverEnded,
            .notRestarted, .notExited, .textInFile, .noFiles, .flooded, .interrupted, .inconsistent:
            []
        }
    }

    var firstDifference: Int? {
        if case .mismatch(let mismatch) = self { mismatch.firstDifference } else { nil }
    }

    var isAboutFrame: Bool {
        if case .framing = self { true } else { false }
    }

    /// The kind as one word, for machines.
    package var word: String {
        switch self {
        case .mismatch: "mismatch"
        case .unexpected: "unexpected"
        case .strayed: "strayed"
        case .silence: "silence"
        case .endedInstead: "endedInstead"
        case .endedUnasked: "endedUnasked"
        case .missing: "missing"
        case .notEnded: "notEnded"
        case .wrongEnd: "wrongEnd"
        case .refused: "refused"
        case .notAccepted: "notAccepted"
        case .notConnected: "notConnected"
        case .connectedUnasked: "connectedUnasked"
        case .notRefused: "notRefused"
        case .unanswered: "unanswered"
        case .notTaken: "notTaken"
        case .neverHeld: "neverHeld"
        case .framing: "framing"
        case .tolerated: "tolerated"
        case .serverEnded: "serverEnded"
        case .notRestarted: "notRestarted"
        case .notExited: "notExited"
        case .textInFile: "textInFile"
        case .noFiles: "noFiles"
        case .flooded: "flooded"
        case .interrupted: "interrupted"
        case .inconsistent: "inconsistent"
        }
    }

    private static func ended(_ end: EndKind) -> String {
        switch end {
        case .fin: "closed"
        case .reset: "reset"
        }
    }

    /// `2 s`, `2.1 s`, `20 ms`.
    package static func time(_ nanoseconds: Int64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        guard milliseconds >= 1000 else { return "\(milliseconds) ms" }
        let tenths = milliseconds % 1000 / 100
        return tenths == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds / 1000).\(tenths) s"
    }
}

extension FramingDeviation {
    var sentence: String {
        switch self {
        case .otherPadding: "a frame is filled up with other bytes than the padding"
        case .newlineInPadding: "a line break stands behind the text or in the padding"
        case .shortFrame: "a frame stops short: the rest of it never came"
        case .surplusPadding: "a frame has more padding than its width has room for"
        case .newlineAfterFrame: "a line break stands between two frames"
        case .countedInCharacters: "the width was counted in characters, not in bytes"
        case .carriageReturn: "a carriage return stands before the line break"
        case .notJSON: "a text that is not JSON"
        case .nulBetweenMessages: "a NUL byte stands between two messages"
        }
    }

    var accepted: String {
        switch self {
        case .otherPadding, .newlineInPadding:
            "the text, then padding to the frame's end, and nothing else"
        case .shortFrame, .surplusPadding, .countedInCharacters:
            "a frame of exactly its width in bytes"
        case .newlineAfterFrame: "the next frame, directly"
        case .carriageReturn: "the line break alone"
        case .notJSON: "a JSON value (RFC 8259)"
        case .nulBetweenMessages: "nothing but white space between two messages"
        }
    }
}
