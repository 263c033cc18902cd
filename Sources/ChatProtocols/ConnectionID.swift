// SPDX-License-Identifier: Apache-2.0

/// One connection for as long as it lives.
///
/// The slot is a small number that whoever drives the machine gives out, and takes back once the
/// machine has been told `closed`; so tables keyed by connection are arrays. The generation tells
/// a slot's users apart: an answer of the world that comes late is not taken for the newcomer's.
package struct ConnectionID: Hashable, Sendable {
    package let slot: UInt32
    package let generation: UInt32

    package init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }
}
