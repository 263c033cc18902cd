// SPDX-License-Identifier: Apache-2.0

/// How what has waited is sent, without holding others up.
///
/// What a turn causes is sent at its end. What the kernel did not take then, and long lists, waits in
/// the queues of connections, and may be megabytes for each. Rules:
/// - A connection has its share of a turn, and no more.
/// - All together have no more than a turn's shares; who then has had none is put off, and has the
///   first of the next turn. So all get on alike, and a turn takes no longer for there being many.
/// - Who is put off is not waited for: the next turn begins at once.
extension EventLoop {
    /// Sends what a turn has caused for a connection, or its share of what has waited.
    func flushInTurn(_ connection: Connection) {
        guard connection.hasBacklog else { return flush(connection, most: ServerLimits.share) }
        guard sharesLeft > 0 else { return putOff(connection) }
        let before = connection.waiting
        flush(connection, most: ServerLimits.share)
        sharesLeft -= max(0, before - connection.waiting)
    }

    /// Leaves a connection to the list of those whose share is sent when it is their turn.
    func putOff(_ connection: Connection) {
        guard !connection.isPutOff, !connection.isDoomed else { return }
        connection.isPutOff = true
        waitingForShare.append(connection)
        updateInterest(of: connection)
    }

    /// Sends shares in the order of the asking, as many as this turn has.
    func sendShares() {
        var index = 0
        while index < waitingForShare.count, sharesLeft > 0 {
            let connection = waitingForShare[index]
            connection.isPutOff = false
            flushInTurn(connection)
            closeDoomed()
            index += 1
        }
        waitingForShare.removeFirst(index)
    }
}
