// SPDX-License-Identifier: Apache-2.0

/// A user as those of one server see it.
struct ChannelsUser: Hashable, Sendable {
    let name: [UInt8]
    /// Whose user; empty for this server's.
    var host: [UInt8] = []

    /// `bob`, or `bob@host`.
    var shown: [UInt8] { host.isEmpty ? name : name + [UInt8(ascii: "@")] + host }
}

/// What users and channels may be called; names are bytes.
enum ChannelsNames {
    /// A user may be called so: `@` and `:` stand before hosts.
    static func isUser(_ name: [UInt8]) -> Bool {
        isName(name) && !name.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: ":") }
    }

    /// A channel may be called so: a comma would break lists, too.
    static func isChannel(_ name: [UInt8]) -> Bool {
        isUser(name) && !name.contains(UInt8(ascii: ","))
    }

    private static func isName(_ name: [UInt8]) -> Bool {
        (1...Limits.channelsName).contains(name.count) && ChannelsLine.isLineText(name)
    }
}
