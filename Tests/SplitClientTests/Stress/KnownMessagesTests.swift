// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

@Suite("Messages that others have heard are known again")
struct KnownMessagesTests {
    private func known(_ audience: StressGroups.Audience, clients: Int = 3) -> KnownMessages {
        KnownMessages(
            groups: StressGroups(clients: clients, size: 3, audience: audience), onTheirWay: 4,
            size: 16)
    }

    /// "sender.sequence", and where the next message begins.
    private func recognize(
        _ known: inout KnownMessages, _ text: String, from start: Int = 0, at receiver: Int
    ) -> String? {
        let found = Array(text.utf8).withUnsafeBytes {
            known.recognize($0, from: start, at: receiver)
        }
        return found.map { "\($0.sender).\($0.sequence) to \($0.end)" }
    }

    private func hear(
        _ known: inout KnownMessages, _ text: String, _ sequence: Int, of sender: Int,
        at receiver: Int
    ) {
        Array(text.utf8).withUnsafeBytes { known.hear($0, sequence, of: sender, at: receiver) }
    }

    @Test("who hears what another one has heard knows it, in a stream, once")
    func inOrder() {
        var known = known(.everyone)
        hear(&known, "first;", 0, of: 1, at: 0)
        hear(&known, "second;", 1, of: 1, at: 0)
        #expect(recognize(&known, "first;second;", at: 2) == "1.0 to 6")
        #expect(recognize(&known, "first;second;", at: 2) == nil, "it is not due again")
        #expect(recognize(&known, "first;second;", from: 6, at: 2) == "1.1 to 13")
        #expect(recognize(&known, "second;", at: 2) == nil, "there is no more")
        #expect(recognize(&known, "first;", at: 0) == nil, "it was the first to hear it")
    }

    @Test("a byte that is another, or is missing, is not known", arguments: ["sirst;", "first"])
    func other(text: String) {
        var known = known(.everyone)
        hear(&known, "first;", 0, of: 1, at: 0)
        #expect(recognize(&known, text, at: 2) == nil)
        #expect(recognize(&known, "first;", at: 2) == "1.0 to 6")
    }

    @Test("one's own messages are passed where nobody hears itself")
    func own() {
        var known = known(.others)
        hear(&known, "mine;", 0, of: 2, at: 0)
        hear(&known, "yours;", 0, of: 1, at: 0)
        #expect(recognize(&known, "yours;", at: 2) == "1.0 to 6")
    }

    @Test("who has heard something else goes on behind it")
    func resumed() {
        var known = known(.everyone)
        for sequence in 0..<3 { hear(&known, "text \(sequence);", sequence, of: 1, at: 0) }
        hear(&known, "text 1;", 1, of: 1, at: 2)
        #expect(recognize(&known, "text 2;", at: 2) == "1.2 to 7")
    }

    @Test("groups are apart, and a row goes round without end")
    func rows() {
        var known = known(.everyone, clients: 6)
        for sequence in 0..<1000 {
            let text = "text \(sequence);"
            hear(&known, text, sequence, of: 1, at: 0)
            #expect(recognize(&known, text, at: 3) == nil)
            #expect(recognize(&known, text, at: 2) == "1.\(sequence) to \(text.utf8.count)")
        }
    }

    @Test("nothing is kept where each message has one receiver")
    func pairs() {
        var known = known(.one)
        hear(&known, "first;", 0, of: 1, at: 0)
        #expect(recognize(&known, "first;", at: 2) == nil)
    }
}
