// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A thread of the system, for work that waits for itself (polls, starts processes).
///
/// `body` must not be formed where it is isolated to the main actor: it would trap here.
package final class WorkerThread {
    private let handle: pthread_t
    private var isJoined = false

    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` in a new thread, which has the signals blocked that this one has.
    ///
    /// The corresponding C function is `pthread_create`.
    package init(_ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
        let work = Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { argument in
                if let argument {
                    Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw SystemCallError(call: "pthread_create", code: code)
        }
        self.handle = handle
    }

    deinit { join() }

    /// Leaves the thread to itself; it ends with its body, or with the program.
    ///
    /// The corresponding C function is `pthread_detach`.
    package func detach() {
        guard !isJoined else { return }
        isJoined = true
        pthread_detach(handle)
    }

    /// Waits until `body` has returned; calling twice is as once.
    ///
    /// The corresponding C function is `pthread_join`.
    package func join() {
        guard !isJoined else { return }
        isJoined = true
        pthread_join(handle, nil)
    }
}
