// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A TCP port that is ours and at which nobody listens: who connects there is refused.
///
/// Nobody else can listen there either, for as long as this lives.
package final class ReservedPort {
    private var owner: Descriptor?

    /// Takes the port of `address`; port 0 takes a free one.
    ///
    /// The corresponding C functions are `socket` and `bind`.
    package init(on address: SocketAddress) throws(SystemCallError) {
        let descriptor = Descriptor(
            owning: try checked("socket") { cshim_socket(address.host.family) })
        try bindSocket(descriptor.number, to: address)
        owner = descriptor
    }

    /// Gives it back; closing twice is as once.
    package func close() { owner = nil }
}
