// SPDX-License-Identifier: Apache-2.0

/// A user who is logged in, as its commands see it.
struct HelloClient {
    let connection: ConnectionID
    let name: [UInt8]
}
