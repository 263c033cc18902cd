// SPDX-License-Identifier: Apache-2.0

/// Faults in telling headers apart, and in what follows an error.
enum HelloHeaderFault: String, HelloCommandFault {
    case unknownIsBody = "unknown-header-is-a-body-error"
    case unknownIgnored = "unknown-header-is-ignored"
    case obeysDelivery = "obeys-delivery"
    case emptyIgnored = "empty-line-is-ignored"
    case prefixes = "obeys-what-begins-alike"
    case anyCase = "obeys-small-letters"
    case errorCloses = "error-closes"
    case errorLogsOut = "error-logs-out"

    var meaning: FaultMeaning {
        switch self {
        case .unknownIsBody: .init("header.unknown", "an unknown header is a body error")
        case .unknownIgnored: .init("header.unknown", "an unknown header gets no answer")
        case .obeysDelivery: .init("header.unknown", "DELIVERY of a client is done as SEND")
        case .emptyIgnored: .init("header.empty-line", "an empty line gets no answer")
        case .prefixes: .init("header.prefix", "what begins with a header's letters is obeyed")
        case .anyCase: .init("header.case", "headers may have small letters")
        case .errorCloses: .init("error.keeps-session", "an error closes the connection")
        case .errorLogsOut: .init("error.keeps-session", "an error logs the user out")
        }
    }

    func perform(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        let isUnknown = request.command == .unknown && request.client != nil
        switch self {
        case .unknownIsBody where isUnknown:
            server.answer(HelloText.badBody, to: request.connection, into: &effects)
            return true
        case .unknownIgnored:
            return isUnknown && !request.line.isEmpty
        case .emptyIgnored:
            return isUnknown && request.line.isEmpty
        case .obeysDelivery:
            guard request.header == Array("DELIVERY".utf8), let body = request.body else {
                return false
            }
            return obey(Array("SEND ".utf8) + body, request, on: &server, into: &effects)
        case .prefixes:
            return obeyPrefix(request, on: &server, into: &effects)
        case .anyCase:
            let header = request.header.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 }
            let line = header + request.line.dropFirst(header.count)
            return obey(line, request, on: &server, into: &effects)
        case .errorCloses, .errorLogsOut:
            return fail(request, on: &server, into: &effects)
        case .unknownIsBody:
            return false
        }
    }

    private func obey(
        _ line: [UInt8],
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        server.act(on: line.span, from: request.connection, into: &effects)
        return true
    }

    private func obeyPrefix(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard request.command == .unknown else { return false }
        for header in ["HELLO-FROM", "SEND"] where request.line.starts(with: header.utf8) {
            let rest = request.body.map { [UInt8(ascii: " ")] + $0 } ?? []
            return obey(Array(header.utf8) + rest, request, on: &server, into: &effects)
        }
        guard request.line.starts(with: "LIST".utf8) else { return false }
        return obey(Array("LIST".utf8), request, on: &server, into: &effects)
    }

    /// Does a line rightly; where that made an error of a user's request, does more.
    private func fail(
        _ request: HelloRequest,
        on server: inout HelloServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard request.client != nil else { return false }
        var answers = EffectBuffer()
        server.act(on: request.line.span, from: request.connection, into: &answers)
        let isError = answers.payloads.starts(with: "BAD-".utf8)
        effects.append(answers) { payload, _ in Array(payload) }
        guard isError else { return true }
        if self == .errorCloses {
            server.drain(request.connection, into: &effects)
        } else {
            server.logOut(request.connection)
        }
        return true
    }
}
