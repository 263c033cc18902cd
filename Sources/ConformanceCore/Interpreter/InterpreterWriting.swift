// SPDX-License-Identifier: Apache-2.0

import Bytes
import Specs

/// From a transmission to segments, and from segment to segment.
extension Interpreter {
    /// Queues a transmission; returns its number, which is complete when it is all written.
    mutating func transmit(
        _ transmission: Transmission, on link: LinkID, for step: StepID?,
        with values: [String: [UInt8]]? = nil
    ) -> Int {
        let values = values ?? bound
        let messages = transmission.pieces.map { frame($0, values) }
        let bytes = messages.flatMap(\.bytes)
        let streamOffset = links[link.index].bytesSent
        links[link.index].bytesSent += bytes.count
        let whole = links[link.index].saidUpTo
        let (forms, ends) = noteSaid(bytes, on: link, isBarrier: step == nil)
        // What no step sends is there to prove something, and must not break for another's sake.
        let isWhole =
            step == nil && !plan.splitReach.includesQuestions(ofOneForm: plan.splitForm != nil)
        let split: CutPlan = isWhole ? .whole : transmission.split
        let cuts = cuts(of: messages, forms, by: split, streamOffset)
        links[link.index].writer.issued += 1
        let number = links[link.index].writer.issued
        var parts = PartsOfSegments(after: whole, messageEnds: ends)
        var start = 0
        for end in cuts + [bytes.count] where end > start {
            let segment = LinkWriter.Segment(
                bytes: Array(bytes[start..<end]), step: step,
                cut: end < bytes.count ? Self.place(of: end, in: messages, forms) : nil,
                completes: end == bytes.count ? number : nil,
                part: parts.part(upTo: streamOffset + end))
            links[link.index].writer.queue.append(segment)
            start = end
        }
        if bytes.isEmpty { links[link.index].writer.completed = number }
        links[link.index].isCause = true
        pump(link)
        return number
    }

    /// Where segments end; a run that cuts one form alone leaves the others as they are.
    private func cuts(
        of messages: [Frame], _ forms: [String?], by split: CutPlan, _ streamOffset: Int
    ) -> [Int] {
        if split == .whole { return [] }
        let cuts = split.cuts(
            of: messages.map { MessageToCut(bytes: $0.bytes, contentLength: $0.contentLength) },
            streamOffset: streamOffset)
        guard let form = plan.splitForm, split == plan.runSplit else { return cuts }
        let lengths = messages.map(\.bytes.count)
        return CutsOfOneForm(form, lengths: lengths, forms: forms)
            .narrowed(cuts, isJoining: split.joinedMessages > 1)
    }

    private func frame(_ piece: Transmission.Piece, _ values: [String: [UInt8]]) -> Frame {
        switch piece {
        case .message(let text): return frame(text, values)
        case .raw(let text):
            let bytes = text.filled(with: values) ?? []
            return Frame(bytes: bytes, contentLength: bytes.count)
        case .part(let text, let from, let to):
            let whole = frame(text, values).bytes
            let range = Self.range(from, to, in: whole.count)
            return Frame(bytes: Array(whole[range]), contentLength: range.count)
        }
    }

    private func frame(_ text: TextPattern, _ values: [String: [UInt8]]) -> Frame {
        let content = text.filled(with: values) ?? []
        // A content that no frame holds is found when the plan is made; captures can surprise.
        return (try? plan.document.framing.frame(content))
            ?? Frame(bytes: content, contentLength: content.count)
    }

    private static func range(_ from: Int, _ to: Int?, in count: Int) -> Range<Int> {
        func place(_ offset: Int) -> Int {
            min(max(offset < 0 ? count + offset : offset, 0), count)
        }
        let start = place(from)
        return start..<max(start, to.map(place) ?? count)
    }

    /// Reads what is sent as the server will, for the session's state and the coverage; answers
    /// what the messages are that it completes, and where in the stream they end.
    private mutating func noteSaid(
        _ bytes: [UInt8], on link: LinkID, isBarrier: Bool
    ) -> (forms: [String?], ends: [Int]) {
        links[link.index].sentFramer.append(bytes)
        var forms: [String?] = []
        var ends: [Int] = []
        while let message = links[link.index].sentFramer.next() {
            let state = links[link.index].session
            if !isBarrier { noteOwed(message.payload, in: state, on: link) }
            let form = plan.document.forms.form(of: message, from: .client, in: state)
            links[link.index].session = plan.document.states.state(
                after: form, from: .client, in: state)
            record(.said(link, form: form, state: state, payload: message.payload))
            forms.append(form)
            ends.append(message.streamOffset + message.bytes.count)
        }
        links[link.index].saidUpTo = ends.last ?? links[link.index].saidUpTo
        return (forms, ends)
    }

    /// Which message a cut lies in, and behind which of its bytes; `nil` between two messages.
    private static func place(
        of cut: Int, in messages: [Frame], _ forms: [String?]
    ) -> (form: String?, offset: Int)? {
        var start = 0
        for (index, message) in messages.enumerated() {
            if cut == start { return nil }
            if cut < start + message.bytes.count {
                return (index < forms.count ? forms[index] : nil, cut - start)
            }
            start += message.bytes.count
        }
        return nil
    }

    /// Asks for the next thing that the writer of this connection has to do.
    mutating func pump(_ link: LinkID) {
        guard case .free = links[link.index].writer.state else { return }
        let isIdle = links[link.index].writer.queue.isEmpty
        if links[link.index].writer.isUntaken, !isIdle || links[link.index].writer.isAwaited {
            links[link.index].writer.state = .awaitingTaken
            allowForPace()
            ask(.awaitTaken(link))
        } else if let segment = links[link.index].writer.queue.first {
            links[link.index].writer.state = .writing
            record(.sent(link, segment.bytes, step: segment.step))
            ask(.write(link, segment.bytes))
        }
    }

    mutating func written(_ link: LinkID) {
        guard let segment = links[link.index].writer.queue.popFirst() else { return }
        links[link.index].writer.state = .free
        links[link.index].writer.isUntaken = true
        links[link.index].writer.pendingCut = segment.cut
        links[link.index].writer.part = segment.part
        if let number = segment.completes { links[link.index].writer.completed = number }
        pump(link)
    }

    /// Nobody is to be blamed for what we hold back ourselves: no wait's time runs meanwhile.
    private mutating func allowForPace() {
        guard timing.pace > 0 else { return }
        heldBack += timing.pace
        for index in strands.indices {
            strands[index].current?.began += timing.pace
            strands[index].current?.deadline += timing.pace
        }
    }

    /// A server that takes one segment after the other, or reads a long one bit by bit, or answers
    /// one barrier after the other, or whose message comes piece by piece, is slow, not silent: the
    /// time of whoever waits for that begins anew, up to a bound, since a server may also drip
    /// without end.
    mutating func renewDeadlines(where isConcerned: (Stage) -> Bool = { _ in true }) {
        for index in strands.indices {
            strands[index].current?.renewDeadline(at: now, where: isConcerned)
        }
    }

    /// Notes cuts whose rest is not sent any more: the run ends before, as a step did not hold.
    mutating func noteCutsInVain() {
        for index in links.indices {
            guard let cut = links[index].writer.pendingCut else { continue }
            record(.cut(LinkID(index), form: cut.form, offset: cut.offset, proven: false))
            links[index].writer.pendingCut = nil
        }
    }

    mutating func taken(_ link: LinkID, _ proof: TakenProof) {
        record(.taken(link, proof))
        if links[link.index].writer.part > 0, links[link.index].leaving == .no { learnPart(proof) }
        if let cut = links[link.index].writer.pendingCut {
            record(.cut(link, form: cut.form, offset: cut.offset, proven: proof == .proven))
            links[link.index].writer.pendingCut = nil
        }
        links[link.index].writer.state = .free
        links[link.index].writer.isUntaken = false
        links[link.index].writer.isAwaited = false
        links[link.index].writer.isLeft = proof == .left
        if proof == .left || !links[link.index].writer.queue.isEmpty { renewDeadlines() }
        pump(link)
    }
}
