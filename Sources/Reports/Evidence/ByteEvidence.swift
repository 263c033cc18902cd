// SPDX-License-Identifier: Apache-2.0

import Bytes
import ConformanceCore
import Specs

/// The bytes that a finding is about, and how they are shown so that the fault meets the eye.
struct ByteEvidence {
    var actual: [UInt8]
    /// The nearest bytes that would have been accepted, where there is one such text.
    var nearest: [UInt8]?
    /// Where `actual` first departs; the count of its bytes where it ends too early.
    var difference: Int?
    /// Whether reading the text does not show what is wrong, so that the bytes have to be seen.
    var needsHexDump: Bool

    /// `nil` where the finding is not about something that came.
    init?(_ finding: Finding, _ explanation: Explanation, of report: ScenarioReport) {
        guard let actual = explanation.actual else { return nil }
        self.actual = actual
        difference = explanation.firstDifference
        switch finding.kind {
        case .mismatch(let mismatch):
            nearest = mismatch.nearest
            needsHexDump = Self.isHidden(actual, nearest, difference)
        case .framing:
            let payload = finding.message.flatMap { report.message($0)?.message.payload } ?? actual
            nearest = try? report.plan.document.framing.frame(payload).bytes
            difference = nearest.flatMap { Self.firstDifference(actual, $0) }
            needsHexDump = true
        case .unexpected, .strayed, .silence, .endedInstead, .endedUnasked, .missing, .notEnded,
            .wrongEnd,
            .refused, .notAccepted, .notConnected, .connectedUnasked, .notRefused, .unanswered,
            .notTaken,
            .neverHeld, .tolerated, .serverEnded,
            .notRestarted, .notExited, .textInFile, .noFiles, .flooded, .interrupted, .inconsistent:
            needsHexDump = !actual.allSatisfy(Self.isPlain)
        }
    }

    /// The hex dump's lines, with a mark at the first difference; empty where text suffices.
    var hexDump: [String] {
        guard needsHexDump else { return [] }
        let dump = HexDump(markAt: difference, maximumBytes: 256).render(actual)
        return dump.split(separator: "\n").map(String.init)
    }

    /// Visible ASCII and the space between words.
    private static func isPlain(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }

    /// Whether `actual` has something that text does not show, or departs in white space.
    private static func isHidden(_ actual: [UInt8], _ nearest: [UInt8]?, _ offset: Int?) -> Bool {
        guard actual.allSatisfy(isPlain) else { return true }
        guard let nearest, let offset else { return false }
        let (came, wanted) = (actual.dropFirst(offset), nearest.dropFirst(offset))
        // Where one text only goes on after the other's end, its end is seen if it is seen at all.
        if came.isEmpty || wanted.isEmpty { return !(came + wanted).contains(where: isVisible) }
        return [came, wanted].contains { $0.first.map(isVisible) == false }
    }

    private static func isVisible(_ byte: UInt8) -> Bool { isPlain(byte) && byte != 0x20 }

    private static func firstDifference(_ actual: [UInt8], _ wanted: [UInt8]) -> Int? {
        let common = zip(actual, wanted).prefix { $0 == $1 }.count
        return common == actual.count && common == wanted.count ? nil : common
    }
}
