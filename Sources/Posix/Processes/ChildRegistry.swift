// SPDX-License-Identifier: Apache-2.0

import CShim
import Glibc
import Synchronization

/// Which children of this process are whose.
///
/// The lock is held while a process is started, so that nobody takes a child that is not yet
/// registered for an orphan.
enum ChildRegistry {
    struct State {
        /// Started, and perhaps not all killed yet.
        var unsettled: [Int32: ChildMarker] = [:]
        /// Children that this process had before it started the first: left alone.
        var foreign: Set<Int32>?
        /// Orphans have been seen that may be of several.
        var hasStrays = false
        /// Whose descendants our other children are, as far as their markers have told.
        var owners: [Int32: ChildMarker] = [:]
    }

    private static let state = Mutex(State())

    private static func withState<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        state.withLock { body(&$0) }
    }

    /// Our children that were not started by us but have come to us as orphans, each with its owner
    /// if that is known; and whether a child other than `root` may be where they come from.
    static func orphans(
        besides root: Int32
    ) -> (found: [(process: Int32, owner: ChildMarker?)], hasOthers: Bool) {
        withState { state in
            let found = orphansAmongChildren(state).map { ($0, state.owners[$0]) }
            let hasOthers = state.unsettled.keys.contains { $0 != root }
            if hasOthers, !found.isEmpty { state.hasStrays = true }
            return (found, hasOthers)
        }
    }

    static func setOwner(_ owner: ChildMarker, of process: Int32) {
        withState { $0.owners[process] = owner }
    }

    static func isSettled(_ process: Int32, _ marker: ChildMarker) -> Bool {
        withState { $0.unsettled[process] != marker }
    }

    /// Takes a child for settled; the orphans that are left where it was the last one.
    ///
    /// Of two that are swept at once neither can tell whose an orphan without a marker is.
    static func settle(_ process: Int32, _ marker: ChildMarker) -> [Int32] {
        let strangers: [Int32] = withState { state in
            if state.unsettled[process] == marker { state.unsettled[process] = nil }
            guard state.hasStrays, state.unsettled.isEmpty else { return [] }
            state.hasStrays = false
            return orphansAmongChildren(state)
        }
        return strangers.filter { ProcessTable.status(of: $0)?.session != getsid(0) }
    }

    /// Our children that were not started by us but have come to us as orphans.
    private static func orphansAmongChildren(_ state: State) -> [Int32] {
        ProcessTable.children(of: getpid()).filter { process in
            state.unsettled[process] == nil && state.foreign?.contains(process) != true
        }
    }

    /// Asks for the end of one process, without blocking.
    ///
    /// Under the lock, as the kernel's list of our children is whole only while none of them goes
    /// away (proc(5), `children`).
    static func wait(_ process: Int32) -> cshim_wait {
        withState { state in
            let result = cshim_wait(process)
            if result.process != 0 { state.owners[process] = nil }
            return result
        }
    }

    /// Starts a process and registers it.
    static func spawn(
        _ command: Command,
        _ marker: ChildMarker,
        _ streams: ChildStreams
    ) throws(SpawnError) -> Int32 {
        var step: Int32 = 0
        let result = state.withLock { state in
            if state.foreign == nil { state.foreign = Set(ProcessTable.children(of: getpid())) }
            _ = cshim_become_subreaper()
            let process = start(command, marker, streams, &step)
            if process > 0 { state.unsettled[process] = marker }
            return process
        }
        guard result > 0 else { throw failure(command, step, -result) }
        return result
    }

    private static func start(
        _ command: Command,
        _ marker: ChildMarker,
        _ streams: ChildStreams,
        _ step: inout Int32
    ) -> Int32 {
        let arguments = CStringList(command.arguments.map { Array($0.utf8) })
        let environment = CStringList(Environment.entries(adding: command.environment, marker))
        let directory = CStringList(command.directory.map { [Array($0.utf8)] } ?? [])
        var request = cshim_spawn(
            program: arguments.pointers[0],
            arguments: arguments.pointers,
            environment: environment.pointers,
            directory: directory.pointers[0],
            input: streams.input.number,
            output: streams.outputNumber,
            error: streams.errorNumber,
            descriptor_limit: command.descriptorLimit ?? 0
        )
        return withExtendedLifetime((arguments, environment, directory, streams)) {
            cshim_spawn(&request, &step)
        }
    }

    private static func failure(_ command: Command, _ step: Int32, _ code: Int32) -> SpawnError {
        func failed(_ step: SpawnError.Step, _ call: String) -> SpawnError {
            SpawnError(step: step, cause: SystemCallError(call: call, code: code))
        }
        switch UInt32(bitPattern: step) {
        case CSHIM_SPAWN_DIRECTORY.rawValue:
            return failed(.directory(command.directory ?? "."), "chdir")
        case CSHIM_SPAWN_EXEC.rawValue:
            return failed(.execute(command.arguments.first ?? ""), "execve")
        case CSHIM_SPAWN_LIMIT.rawValue: return failed(.prepare, "setrlimit")
        case CSHIM_SPAWN_DESCRIPTORS.rawValue: return failed(.prepare, "dup2")
        default: return failed(.prepare, "vfork")
        }
    }
}
