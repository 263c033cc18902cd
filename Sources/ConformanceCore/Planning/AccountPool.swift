// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Specs

/// The accounts that the server under test knows.
package enum AccountPool: Equatable, Sendable {
    case none
    /// Those of a file that is given.
    case listed([Account])
    /// Drawn for the file that the runner writes; with no seed of its own, from that of the plans.
    case drawn(seed: UInt64?)

    /// How many the runner's file has: more than any scenario takes.
    package static let drawnCount = 256

    package var count: Int {
        switch self {
        case .none: 0
        case .listed(let accounts): accounts.count
        case .drawn: Self.drawnCount
        }
    }

    /// All accounts, in the order of the file.
    package func accounts(of document: ProtocolDocument, seed: UInt64) -> [Account] {
        switch self {
        case .none: []
        case .listed(let accounts): accounts
        case .drawn(let own):
            (0..<Self.drawnCount).map {
                Self.drawn($0, of: document, SeededGenerator(seed: own ?? seed))
            }
        }
    }

    /// The account at a place; only that one is drawn.
    func account(_ place: Int, of document: ProtocolDocument, seed: UInt64) -> Account? {
        guard count > 0 else { return nil }
        switch self {
        case .none: return nil
        case .listed(let accounts): return accounts[place % count]
        case .drawn(let own):
            return Self.drawn(place % count, of: document, SeededGenerator(seed: own ?? seed))
        }
    }

    /// The place stands in the name, so that no two accounts have the same one.
    private static func drawn(
        _ place: Int, of document: ProtocolDocument, _ random: SeededGenerator
    ) -> Account {
        let source = ValueSource(generators: document.generators, random: random)
        let template = document.accounts
        let name = source.draw(template?.names ?? document.peerNames, for: "account \(place)")
        let password = source.draw(template?.passwords ?? "", for: "password \(place)")
        return Account(name: name + letters(place), password: password)
    }

    /// Two letters, other ones for each place.
    private static func letters(_ place: Int) -> [UInt8] {
        let letters = Array("abcdefghijklmnop".utf8)
        return [letters[place / 16 % 16], letters[place % 16]]
    }
}
