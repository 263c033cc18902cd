// SPDX-License-Identifier: Apache-2.0

/// Bounds on what clients can make a machine hold.
package enum Limits {
    /// Bytes of effects after which a machine takes no further message before they are performed.
    ///
    /// Twice what one read brings in (64 KiB), so that relayed talk never stops in mid-read; small
    /// beside the default bound of a send queue (1 MiB), so that a client that asks for much has
    /// its queue looked at before it is asked for more.
    package static let effectBytes = 128 * 1024

    /// Channels of `padded`, which are never removed.
    ///
    /// The number is the protocol page's. With names of up to 192 bytes it bounds the memory to
    /// some 30 MB, and the answer to one `/list` to 12.7 MB.
    package static let paddedChannels = 65_536

    /// The longest line of `hello`, its `\n` not counted.
    ///
    /// The number is the protocol page's: beyond what anyone types, and little for each connection.
    package static let helloLine = 256 * 1024

    /// Users of `hello` at once, where nothing else is said: the source's number.
    package static let helloUsers = 16

    /// The most users that a server of `hello` can be told to admit.
    ///
    /// A name may be as long as a line: this bounds the answer to one `LIST` to 256 MiB.
    package static let helloMostUsers = 1024

    /// Bytes of a user's or room's name in `json`, where the page sets no bound.
    ///
    /// Long enough for anything that is meant as a name; the answer to `names` with a thousand such
    /// users is a quarter of a mebibyte.
    package static let jsonName = 255

    /// Rooms of `json`, which are never removed; anyone who is logged in may create them.
    package static let jsonRooms = 1024

    /// Messages of one room's history that a login of `json` is answered with: the newest ones.
    package static let jsonHistoryMessages = 10_000

    /// Bytes of one room's history: what a login costs at most, beside a single message that is
    /// longer.
    package static let jsonHistoryBytes = 4 << 20

    /// Bytes of all histories together; past it the room that holds most loses its oldest message.
    package static let jsonHistoriesBytes = 64 << 20

    /// Names that moderators of `json` may ban.
    package static let jsonBans = 65_536

    /// The longest line of `callback`, its `\n` not counted, where the page sets no bound.
    ///
    /// A longer one is thrown away up to its `\n` and is no message.
    package static let callbackLine = 64 * 1024

    /// Messages that may wait for one receiver of `callback`, beside the one it has not confirmed.
    ///
    /// A sender waits for its answer, so that many who send to one at once all have their place.
    package static let callbackQueue = 1024

    /// Bytes of those messages.
    package static let callbackQueueBytes = 8 << 20

    /// The longest line of a client of `channels`, its `\n` not counted: the page's number.
    package static let channelsLine = 64 * 1024

    /// Bytes of a user's or channel's name in `channels`: the page's number.
    package static let channelsName = 255

    /// Accounts of `channels`, which are never removed.
    ///
    /// With names of 255 bytes and their hashes some 100 MB.
    package static let channelsAccounts = 262_144

    /// Channels of `channels`, which are never removed.
    ///
    /// In an answer to `CHANNELS` they are 17 MB at most; what other servers list comes on top
    /// (``channelsPeersChannels``).
    package static let channelsChannels = 65_536

    /// Memberships of `channels`, which are never removed: some 100 MB.
    package static let channelsMemberships = 1 << 20

    /// Those of them that users of other servers may have, so that there is always room for the own.
    package static let channelsGuests = channelsMemberships / 2

    /// Those of them that users of one other server may have.
    package static let channelsPeerGuests = 10_000

    /// The most messages that `--history` can be told to keep of a channel.
    package static let channelsHistory = 1000

    /// Bytes of one history, which one JOIN costs: the default number of the longest messages.
    package static let channelsHistoryBytes = 4 << 20

    /// Bytes of all histories together; past it the oldest message of all is forgotten.
    package static let channelsHistoriesBytes = 64 << 20

    /// Messages of one client that may wait to be stored before its next line is looked at.
    package static let channelsWaitingWrites = 256

    /// Bytes of those messages.
    package static let channelsWaitingBytes = 1 << 20

    /// The longest line of a link of `channels`, its `\n` not counted: the page's number.
    package static let channelsLinkLine = 128 * 1024

    /// Channels of one other server that are listed.
    package static let channelsPeerChannels = 65_536

    /// Channels of all other servers together that are listed.
    ///
    /// With names of 255 bytes they are 36 MB of an answer to `CHANNELS` where the servers are known by
    /// addresses, 67 MB where all have host names of 253 bytes, and in memory some 100 MB.
    package static let channelsPeersChannels = 2 * channelsPeerChannels

    /// Bytes of a list of channels up to which it is an answer like any other, and copied.
    package static let channelsShortList = 4096

    /// Bytes of a piece of a list of channels, of which one is written anew where the list changes.
    package static let channelsListBlock = 64 * 1024

    /// Names of such a piece, where they are short.
    package static let channelsListBlockNames = 1024

    /// Bytes of old lists of channels for which clients or other servers wait.
    ///
    /// Those count that a list has not in common with later ones; past it those who wait for the
    /// oldest are dropped.
    package static let channelsOldLists = 64 << 20

    /// Links that one other server may have opened: past it the oldest of them is ended.
    ///
    /// Two are usual. Those that a server left behind which was cut off are noticed by nobody until
    /// something is sent on them.
    package static let channelsPeerLinks = 16

    /// Bytes of messages that one other server's users are still to be told, each message counted once.
    ///
    /// Past it the links to that server are ended: it does not take what its users are told.
    package static let channelsPeerWaiting = 1 << 20

    /// Bytes of what users of another server are told that are sent on a link before it is waited until
    /// they have left.
    ///
    /// It is what many members there cost in memory, however long a message is; well below the default
    /// bound of a send queue.
    package static let channelsLinkWindow = 256 * 1024

    /// Lines of one connection that are looked at before others have their turn: empty ones, too, take
    /// their time.
    package static let channelsLines = 4096

    /// Lines of the log that one other server may cause in a second; the others are counted.
    package static let channelsLogLines = 20

    /// Bytes of what another server wrote that a line of the log shows.
    package static let channelsLogExcerpt = 80

    /// Joins that one other server has not answered; a client has one at a time.
    package static let channelsPeerRequests = 65_536
}
