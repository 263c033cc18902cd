// SPDX-License-Identifier: Apache-2.0

/// How the wrappers of faults change what a server asked for.
extension EffectBuffer {
    /// Takes the effects over one target at a time, with the payload that `change` makes of each.
    mutating func append(
        _ others: EffectBuffer,
        change: (_ payload: ArraySlice<UInt8>, _ isDelivery: Bool) -> [UInt8]
    ) {
        for effect in others.effects {
            switch effect {
            case .reply(let connection, let payload):
                payloads += change(others.payloads[payload], false)
                reply(to: connection)
            case .replyShared(let connection, let index):
                payloads += change(others.sharedPayloads[index].bytes[...], false)
                reply(to: connection)
            case .deliver(let targets, let payload):
                for target in others.targets[targets] {
                    payloads += change(others.payloads[payload], true)
                    deliver(to: target)
                }
            case .close, .abort, .store, .password, .wake, .connect, .lookUp, .log, .cancelConnect,
                .pause, .hold, .resume, .tellWhenSent, .widen:
                append(effect, of: others)
            }
        }
    }

    /// Takes one effect over as it is.
    mutating func append(_ effect: Effect, of others: EffectBuffer) {
        switch effect {
        case .reply(let connection, let payload):
            payloads += others.payloads[payload]
            reply(to: connection)
        case .replyShared(let connection, let index):
            reply(sharing: others.sharedPayloads[index], to: connection)
        case .deliver(let targets, let payload):
            for target in others.targets[targets] {
                payloads += others.payloads[payload]
                deliver(to: target)
            }
        case .close(let connection): close(connection)
        case .abort(let connection): abort(connection)
        case .store(let index): store(others.writes[index])
        case .password(let index): work(on: others.passwordWork[index])
        case .wake(let elapsed): wake(at: elapsed)
        case .connect(let ticket, let target): connect(ticket, to: target)
        case .lookUp(let ticket, let lookUp): self.lookUp(ticket, lookUp)
        case .log(let text, let connection):
            payloads += others.payloads[text]
            log(about: connection)
        case .cancelConnect(let ticket): cancelConnect(ticket)
        case .pause(let connection): pause(connection)
        case .hold(let connection): hold(connection)
        case .resume(let connection): resume(connection)
        case .tellWhenSent(let connection): tellWhenSent(connection)
        case .widen(let connection): widen(connection)
        }
    }
}
