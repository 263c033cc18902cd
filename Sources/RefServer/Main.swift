// SPDX-License-Identifier: Apache-2.0

import Arguments
import ChatProtocols
import Posix
import Storage

@main
enum RefServerMain {
    static func main() {
        StandardStreams.hold()
        Signals.ignoreBrokenPipes()
        ProcessExit.exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// The whole program; the result is its exit status.
    static func run(_ words: [String]) -> Int32 {
        do {
            switch try ServerCommand.parse(words) {
            case .show(let text):
                _ = try? Output.write(text)
                return 0
            case .serve(let options):
                return serve(options)
            }
        } catch {
            Output.writeError("\(error)\n")
            return UsageError.exitStatus
        }
    }

    private static func serve(_ options: ServerOptions) -> Int32 {
        do {
            // First of all, so that a signal during the start is not lost.
            let signals = try Signals(taking: [.interrupt, .terminate])
            let store = try options.openStore()
            var options = options
            try options.readFiles()
            var server = options.makeServer()
            try load(store, into: &server)
            let listener = try Listening.open(options.address)
            try options.check(listener.localAddress)
            let log = Log(level: options.logLevel)
            if options.chatProtocol.readsPasswords { CoreDumps.forbid() }
            try store?.start()
            let loop = try EventLoop(
                listener: listener,
                signals: signals,
                server: server,
                tellsTime: options.chatProtocol.needsTime,
                store: store,
                helpers: ServerHelpers(options.chatProtocol, options.configuration),
                hidesInput: options.chatProtocol.readsPasswords,
                limits: options.limits,
                log: log
            )
            _ = try Output.write("listening on \(listener.localAddress)\n")
            log.write(
                .info, "serving \(options.servedAs) on \(listener.localAddress)\(options.keptWhere)"
            )
            for (file, path) in options.blankFiles {
                log.write(
                    .warning, "nothing stands in \(path), which is <\(file.name)>: \(file.help)")
            }
            try loop.run()
            return 0
        } catch {
            Output.writeError("refserver: error: \(error)\n")
            return 1
        }
    }

    /// A machine asks for nothing while it is told what is stored.
    private static func load(
        _ store: ServerStore?,
        into server: inout any ChatServer
    ) throws(DatabaseError) {
        var effects = EffectBuffer()
        try store?.load(into: &server, &effects)
    }
}
