// SPDX-License-Identifier: Apache-2.0

/// Blocks of a pcapng file: one section, one interface, times in nanoseconds.
///
/// Little-endian, as its byte-order magic says. Each block has its length at both ends, a
/// multiple of four (draft-ietf-opsawg-pcapng, sections 3 and 4).
struct PcapngWriter {
    private(set) var bytes: [UInt8] = []

    private enum BlockType {
        static let sectionHeader: UInt32 = 0x0A0D_0D0A
        static let interface: UInt32 = 1
        static let enhancedPacket: UInt32 = 6
    }

    private enum OptionCode {
        static let end: UInt16 = 0
        static let comment: UInt16 = 1
        static let interfaceName: UInt16 = 2
        static let userApplication: UInt16 = 4
        static let timeResolution: UInt16 = 9
    }

    private static let longestComment = 4000

    init(application: String, comment: String, interface name: String, linkType: LinkType) {
        var section = little(UInt32(0x1A2B_3C4D)) + little(UInt16(1)) + little(UInt16(0))
        section += [UInt8](repeating: 0xFF, count: 8)
        section += option(OptionCode.comment, text(comment))
        section += option(OptionCode.userApplication, text(application))
        block(BlockType.sectionHeader, section + option(OptionCode.end, []))
        var interface = little(linkType.rawValue) + little(UInt16(0)) + little(UInt32(0))
        interface += option(OptionCode.interfaceName, text(name))
        interface += option(OptionCode.timeResolution, [9])
        block(BlockType.interface, interface + option(OptionCode.end, []))
    }

    /// One packet, which had `length` bytes on the wire; `time` in nanoseconds since 1970.
    mutating func add(_ packet: [UInt8], length: Int, at time: Int64, comments: [String]) {
        let time = UInt64(bitPattern: max(0, time))
        var body = little(UInt32(0)) + little(UInt32(truncatingIfNeeded: time >> 32))
        body += little(UInt32(truncatingIfNeeded: time))
        body += little(UInt32(packet.count)) + little(UInt32(clamping: length)) + padded(packet)
        for comment in comments { body += option(OptionCode.comment, text(comment)) }
        if !comments.isEmpty { body += option(OptionCode.end, []) }
        block(BlockType.enhancedPacket, body)
    }

    private mutating func block(_ type: UInt32, _ body: [UInt8]) {
        let length = little(UInt32(body.count + 12))
        bytes += little(type) + length + body + length
    }

    private func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
        little(code) + little(UInt16(value.count)) + padded(value)
    }

    /// A comment costs no more than what is kept of it, however long the text is.
    private func text(_ whole: String) -> [UInt8] {
        let bounded =
            whole.utf8.count > Self.longestComment
            ? String(decoding: whole.utf8.prefix(Self.longestComment + 1), as: UTF8.self) : whole
        var text = TextLayout.visible(bounded)
        if text.utf8.count > Self.longestComment {
            text = text.prefix(Self.longestComment / 4) + "…"
        }
        return Array(text.utf8.prefix(Int(UInt16.max)))
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    private func little(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
