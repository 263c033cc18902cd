// SPDX-License-Identifier: Apache-2.0

/// A server to federate with, as the peers file names it.
struct ChannelsPeerEntry: Hashable, Sendable {
    /// By which this server knows it: as it is written.
    let host: [UInt8]
    let port: UInt16
    /// Where it stands in the file, from 1.
    let line: Int

    /// Whether the host is an IPv4 address, and no name.
    var isNumeric: Bool { ChannelsPeersFile.isAddress(host) }

    var shown: [UInt8] { host + [UInt8(ascii: ":")] + Array(String(port).utf8) }
}

/// The file of servers to federate with: one `host:port` a line.
///
/// Blank lines, `#` to the end of the line, and spaces or a `\r` at the ends of a line are allowed.
enum ChannelsPeersFile {
    /// Reads the file; throws for the first line that is wrong, a host that stands there twice among
    /// it.
    static func entries(_ file: [UInt8]) throws(FileProblem) -> [ChannelsPeerEntry] {
        var entries: [ChannelsPeerEntry] = []
        let lines = file.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let content = trimmed(line.prefix { $0 != UInt8(ascii: "#") })
            guard !content.isEmpty else { continue }
            let entry = try entry(content, line: index + 1)
            if let earlier = entries.first(where: { $0.host == entry.host }) {
                let reason =
                    "the host of line \(earlier.line) again; two servers at one host "
                    + "cannot be told apart"
                throw FileProblem(line: index + 1, reason: reason)
            }
            entries.append(entry)
        }
        return entries
    }

    /// What makes the entries impossible for the server that is this: its own name or address with
    /// another port.
    static func problem(
        _ entries: [ChannelsPeerEntry],
        ownNames: [[UInt8]],
        port: UInt16
    ) -> FileProblem? {
        guard let wrong = entries.first(where: { ownNames.contains($0.host) && $0.port != port })
        else { return nil }
        let reason =
            "this server's own host with another port; two servers at one host cannot be "
            + "told apart"
        return FileProblem(line: wrong.line, reason: reason)
    }

    private static func entry(
        _ text: ArraySlice<UInt8>,
        line: Int
    ) throws(FileProblem) -> ChannelsPeerEntry {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            let reason = "not \"host:port\"; a line is one such pair, as 192.168.1.1:4400"
            throw FileProblem(line: line, reason: reason)
        }
        guard isHost(Array(parts[0])) else {
            let reason = "no host; expected is an IPv4 address or a host name before the colon"
            throw FileProblem(line: line, reason: reason)
        }
        guard let port = port(parts[1]) else {
            let reason = "no port; expected is a number from 1 to 65535 behind the colon"
            throw FileProblem(line: line, reason: reason)
        }
        return ChannelsPeerEntry(host: Array(parts[0]), port: port, line: line)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let last = line.last, isSpace(last) { line = line.dropLast() }
        return line.drop(while: isSpace)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0D }

    private static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return number == 0 ? nil : UInt16(exactly: number)
    }

    /// Letters, digits, `.`, `-` and `_`, and no number with dots that is no address.
    static func isHost(_ host: [UInt8]) -> Bool {
        guard (1...Limits.channelsName).contains(host.count), host.allSatisfy(isHostByte) else {
            return false
        }
        let isNumeric = host.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        return !isNumeric || isAddress(host)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default:
            false
        }
    }

    /// An IPv4 address in its usual form.
    static func isAddress(_ host: [UInt8]) -> Bool {
        let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
                    && (part.count == 1 || part.first != 0x30)
                    && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } < 256
            }
    }
}
