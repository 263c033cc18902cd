// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc

/// A system call that the system refused.
///
/// Reads like `bind: Address already in use (EADDRINUSE)`.
package struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, such as `bind`.
    package let call: String
    /// The error number (`errno`).
    package let code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// Takes the code from `errno`, which the call has just set.
    init(call: String) {
        self.init(call: call, code: errno)
    }

    package var description: String { "\(call): \(reason)" }

    /// The error without the call's name: `Address already in use (EADDRINUSE)`.
    package var reason: String {
        guard let name = cshim_error_name(code) else { return "error \(code)" }
        return "\(text) (\(String(cString: name)))"
    }

    /// Whether this machine has no such address (`EADDRNOTAVAIL`).
    package var isForeignAddress: Bool { code == EADDRNOTAVAIL }

    /// Whether the peer has reset the connection (`ECONNRESET`).
    package var isReset: Bool { code == ECONNRESET }

    private var text: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, cshim_error_text(code, base, 256) == 0 else {
                return "Unknown error"
            }
            return String(cString: base)
        }
    }
}

/// Calls `body` again as long as a signal interrupts it.
///
/// Returns what `body` returned, which is negative if `errno` tells of a failure.
@inline(__always)
func retryingOnInterrupt<Number: SignedInteger>(_ body: () -> Number) -> Number {
    while true {
        let result = body()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Calls `body` until no signal interrupts it, and throws any other failure under the call's name.
@discardableResult
func checked<Number: SignedInteger>(
    _ call: String,
    _ body: () -> Number
) throws(SystemCallError) -> Number {
    let result = retryingOnInterrupt(body)
    guard result >= 0 else { throw SystemCallError(call: call) }
    return result
}
