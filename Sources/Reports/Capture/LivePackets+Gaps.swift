// SPDX-License-Identifier: Apache-2.0

import ConformanceCore
import Specs

/// Whether all of a scenario was recorded.
extension LivePackets {
    /// Throws unless every connection was recorded from its beginning, with all that its ends
    /// acknowledged and all that the runner received.
    func check(_ transcript: Transcript, of plan: Plan) throws(RecordingGap) {
        guard packets.allSatisfy({ $0.recorded.bytes.count == $0.recorded.length }) else {
            throw .cutOff
        }
        var received: [LinkID: Int] = [:]
        var accepting: Set<LinkID> = []
        var beginnings: [(link: LinkID, direction: Direction)] = []
        for entry in transcript.entries {
            switch entry.event {
            case .connecting(let link): beginnings.append((link, .client))
            case .accepting(let link): accepting.insert(link)
            case .connected(let link):
                if accepting.contains(link) { beginnings.append((link, .client)) }
                beginnings.append((link, .server))
            case .received(let link, let bytes): received[link, default: 0] += bytes.count
            default: continue
            }
        }
        for (link, direction) in beginnings {
            guard flagged(.syn, link, direction) != nil else { throw .unseen(plan.label(of: link)) }
            let least = direction == .server ? received[link] ?? 0 : 0
            guard isWhole(link, direction, atLeast: least) else {
                throw .bytesMissing(plan.label(of: link))
            }
        }
    }

    private func isWhole(_ link: LinkID, _ direction: Direction, atLeast count: Int) -> Bool {
        let sent = places(link, direction)
        let answers = places(link, direction.opposite)
        var end = 0
        for range in sent.map({ packets[$0].range }).sorted(by: { $0.lowerBound < $1.lowerBound })
        where !range.isEmpty {
            guard range.lowerBound <= end else { return false }
            end = max(end, range.upperBound)
        }
        let finish = sent.contains { packets[$0].flags.contains(.fin) } ? 1 : 0
        let acknowledged = answers.map { packets[$0].acknowledged }.max() ?? 0
        return count <= end && acknowledged <= end + finish
    }
}
