// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Sets an integer option (`setsockopt`).
func setOption(
    _ descriptor: Int32,
    level: Int32 = SOL_SOCKET,
    _ option: Int32,
    to value: Int32
) throws(SystemCallError) {
    var value = value
    try checked("setsockopt") {
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

/// Reads an integer option (`getsockopt`).
func option(_ descriptor: Int32, _ option: Int32) throws(SystemCallError) -> Int32 {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    try checked("getsockopt") { getsockopt(descriptor, SOL_SOCKET, option, &value, &length) }
    return value
}

/// The address that a socket is bound to (`getsockname`).
func boundAddress(of descriptor: Int32) throws(SystemCallError) -> SocketAddress {
    try SocketAddress.reading("getsockname") { getsockname(descriptor, $0, $1) }.address
}

/// Binds a socket; closes nothing on failure (`bind`).
func bindSocket(_ descriptor: Int32, to address: SocketAddress) throws(SystemCallError) {
    let result = address.withSockaddr { bind(descriptor, $0, $1) }
    guard result == 0 else { throw SystemCallError(call: "bind") }
}
