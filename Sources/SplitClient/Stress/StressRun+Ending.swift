// SPDX-License-Identifier: Apache-2.0

import Bytes
import Posix

/// How a run ends, and what is then known to be lost.
extension StressRun {
    /// Asks every client's connection for a sign that all was handled.
    func beginProbing() throws(SystemCallError) {
        phase = .probing(since: MonotonicClock.now)
        for client in 0..<options.connections {
            let bytes = dialect.probe(of: client)
            let writer = connections[ownConnection[client]].writer
            writer.append(MessageToCut(bytes: bytes))
            writer.release()
            try pump(ownConnection[client])
        }
    }

    /// The talk has stopped before all was said: nothing came that would let it go on.
    func giveUpTalking() throws(SystemCallError) {
        for client in 0..<options.connections where !isFinished[client] {
            let open = talk.windows.unconfirmed(client)
            let sequence = open > 0 ? talk.windows.sent[client] - open : nil
            talk.findings.add(StressFinding(kind: .unanswered, sender: client, sequence: sequence))
        }
        hasGivenUp = true
        try beginProbing()
    }

    func tickProbing(_ now: Int64, _ since: Int64) {
        let haveAnswered = connections.allSatisfy { $0.isCallback || $0.hasAnsweredProbe }
        let missing = expectedDeliveries - talk.ledger.arrived
        if haveAnswered, missing <= 0 { return phase = .settling(since: now) }
        let silence = now - max(talk.lastProgress, since)
        // An answer to the last request proves nothing where deliveries may take longer than
        // answers. But what a later message of its sender has overtaken is late already.
        let isWrong = hasGivenUp || (haveAnswered && missing == talk.ledger.overtakenCount)
        let enough = isWrong ? min(Self.longQuiet, options.timeout) : options.timeout
        if silence > enough { end(hasAnswered: haveAnswered) }
    }

    func tickSettling(_ now: Int64, _ since: Int64) throws(SystemCallError) {
        guard isQuiet(now, since) else { return }
        phase = .parting(since: now)
        for index in ownConnection { try connections[index].socket.shutdownWrite() }
    }

    func tickParting(_ now: Int64, _ since: Int64) {
        if isQuiet(now, since) { end(hasAnswered: true) }
    }

    /// Whether nothing has come for long enough.
    ///
    /// Texts of others may come for ever: after `--timeout` they are waited for no more.
    private func isQuiet(_ now: Int64, _ since: Int64) -> Bool {
        now - max(talk.lastArrival, since) > Self.quiet || now - since > options.timeout
    }

    var isParting: Bool {
        switch phase {
        case .parting: true
        case .entering, .talking, .probing, .settling, .over, .failed: false
        }
    }

    func end(hasAnswered: Bool) {
        phase = .over
        talk.judgeEarlyNews()
        let ledger = talk.ledger
        ledger.forEachLost(of: talk.windows.sent) { talk.findings.add(StressFinding(lost: $0)) }
        if talk.findings.counts[.lost] != nil { talk.findings.forget(.disagreed) }
        if !hasAnswered { noteSilence() }
    }

    /// Somebody wants to see what has happened so far: what is outstanding is not judged.
    ///
    /// Nor is early news, which may be about connections whose end has not been read.
    func interrupt() {
        switch phase {
        case .entering, .talking, .probing, .settling, .parting: phase = .over
        case .over, .failed: break
        }
    }

    /// Whoever was not answered at the end may not have been heard before either.
    private func noteSilence() {
        for connection in connections where !connection.isCallback && !connection.hasAnsweredProbe {
            talk.findings.add(
                StressFinding(kind: .unanswered, sender: connection.client))
        }
    }

    /// How many deliveries there should be of all that was sent.
    var expectedDeliveries: Int {
        talk.windows.sent.enumerated().reduce(0) {
            $0 + $1.element * groups.receivers(of: $1.offset)
        }
    }

    /// The server has ended a connection: what is outstanding cannot be judged any more.
    ///
    /// Nor can news that somebody has left, which others may hear before that one hears the end.
    func disconnected(_ connection: StressConnection) {
        switch phase {
        case .entering: fail(.closed(client: connection.client))
        case .talking, .probing, .settling:
            talk.findings.add(StressFinding(kind: .disconnected, sender: connection.client))
            talk.findings.forget(.disagreed)
            for lost in talk.ledger.overtaken { talk.findings.add(StressFinding(lost: lost)) }
            phase = .over
        case .parting: hasParted(connection)
        case .over, .failed: break
        }
    }

    private func hasParted(_ connection: StressConnection) {
        guard !connection.hasEnded else { return }
        connection.hasEnded = true
        parted += 1
        owners[connection.token.index] = .nobody
        poller.remove(connection.token)
        talk.lastArrival = MonotonicClock.now
        if parted == connections.count { end(hasAnswered: true) }
    }

    /// Where the message of a finding was cut, as offsets in it; none where nothing is cut.
    func cuts(of sequence: Int, from client: Int) -> [Int] {
        guard let plan = options.plan, client < talkOffsets.count else { return [] }
        let joined = plan.joinedMessages
        let first = sequence / joined * joined
        var offset = talkOffsets[client]
        // Only random cuts depend on what was sent before.
        if case .random = plan {
            for earlier in 0..<first { offset += message(earlier, of: client).bytes.count }
        }
        let end = min(first + joined, options.messages)
        let run = (first..<max(end, first + 1)).map { message($0, of: client) }
        let start = run[..<(sequence - first)].reduce(0) { $0 + $1.bytes.count }
        let length = run[sequence - first].bytes.count
        return plan.cuts(of: run, streamOffset: offset).map { $0 - start }
            .filter { $0 > 0 && $0 < length }
    }

    private func message(_ sequence: Int, of client: Int) -> MessageToCut {
        var bytes: [UInt8] = []
        let length = write(sequence, of: client, into: &bytes)
        return MessageToCut(bytes: bytes, contentLength: length)
    }
}
