// SPDX-License-Identifier: Apache-2.0

import CShim

/// How the C library gets memory from the system, and gives it back.
package enum Heap {
    /// Lets the heap grow and shrink seldom; blocks of up to 4 MiB are in it, and 64 MiB may be free.
    ///
    /// The system gives a process memory for one thread at a time. While one maps the 64 MiB of an
    /// Argon2 hash, another whose heap has to grow by a few KiB waits 15 to 40 ms for that. Memory
    /// that was asked for and is not touched costs nothing. Where the C library has no such
    /// settings, nothing changes.
    ///
    /// The corresponding C function is `mallopt`.
    package static func growsSeldom() {
        cshim_let_heap_grow_seldom()
    }
}
