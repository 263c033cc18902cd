// SPDX-License-Identifier: Apache-2.0

/// Faults in telling commands apart, and in what follows an error.
enum CallbackLineFault: String, CallbackCommandFault {
    case unknownIgnored = "unknown-word-is-ignored"
    case unknownFails = "unknown-word-is-304"
    case emptyIgnored = "empty-line-is-ignored"
    case anyCase = "obeys-capital-letters"
    case listTakesWords = "list-takes-words"
    case exitTakesWords = "exit-takes-words"
    case missingTextFails = "missing-text-is-304"
    case toAloneIgnored = "to-alone-is-ignored"
    case toAllAloneSends = "toall-alone-is-sent"
    case loginWordsIgnored = "login-ignores-words"
    case errorCloses = "error-closes"
    case errorLogsOut = "error-logs-out"
    case listsVisitors = "list-before-login"
    case exitsVisitors = "silent-before-login"
    case portsZero = "port-zero-closes"
    case portsText = "port-text-is-ignored"

    var meaning: FaultMeaning {
        switch self {
        case .unknownIgnored: .init("error.unrecognized", "an unknown word gets no answer")
        case .unknownFails: .init("error.unrecognized", "an unknown word is answered 304")
        case .emptyIgnored: .init("error.empty-line", "an empty line gets no answer")
        case .anyCase: .init("error.case", "commands in capital letters are obeyed")
        case .listTakesWords: .init("error.extra-words", "/list with a word behind it is obeyed")
        case .exitTakesWords: .init("error.extra-words", "/exit with a word behind it is obeyed")
        case .missingTextFails: .init("error.missing-text", "/to without a text is answered 304")
        case .toAloneIgnored: .init("error.unrecognized", "/to alone gets no answer")
        case .toAllAloneSends: .init("error.unrecognized", "/toall alone is answered 303")
        case .loginWordsIgnored: .init("error.login-words", "/login with few words gets no answer")
        case .errorCloses: .init("error.keeps-session", "an error closes the connection")
        case .errorLogsOut: .init("error.keeps-session", "an error logs the user out")
        case .listsVisitors: .init("login.required", "/list is obeyed before the login")
        case .exitsVisitors: .init("login.required", "commands before the login get no answer")
        case .portsZero: .init("port.malformed", "/port 0 closes the connection")
        case .portsText: .init("port.malformed", "/port with a text gets no answer")
        }
    }

    func perform(
        _ request: CallbackRequest,
        on server: inout CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        guard request.client != nil else {
            return performForVisitor(request, on: server, into: &effects)
        }
        let connection = request.connection
        let isUnknown = request.command == .unrecognized
        switch self {
        case .unknownIgnored:
            return isUnknown && request.line.first != UInt8(ascii: "/") && !request.line.isEmpty
        case .unknownFails:
            guard isUnknown, !request.line.isEmpty else { return false }
            server.answer(CallbackText.notDelivered, to: connection, into: &effects)
            return true
        case .emptyIgnored:
            return request.line.isEmpty
        case .anyCase:
            let word = (request.words.first ?? []).map {
                (0x41...0x5A).contains($0) ? $0 | 0x20 : $0
            }
            let line = word + request.line.dropFirst(word.count)
            server.act(on: line.span, from: connection, into: &effects)
            return true
        case .listTakesWords, .exitTakesWords:
            let word = Array((self == .listTakesWords ? "/list" : "/exit").utf8)
            guard request.words.first == word else { return false }
            server.act(on: word.span, from: connection, into: &effects)
            return true
        case .missingTextFails:
            guard isUnknown, request.begins(with: "/to"), request.words.count == 2 else {
                return false
            }
            server.answer(CallbackText.notDelivered, to: connection, into: &effects)
            return true
        case .toAloneIgnored: return request.line == Array("/to".utf8)
        case .toAllAloneSends:
            guard request.line == Array("/toall".utf8) else { return false }
            server.answer(CallbackText.delivered, to: connection, into: &effects)
            return true
        case .portsZero:
            guard request.line == Array("/port 0".utf8) else { return false }
            server.leave(connection, into: &effects)
            effects.close(connection)
            return true
        case .portsText:
            return isUnknown && request.begins(with: "/port")
        case .errorCloses, .errorLogsOut:
            guard isUnknown else { return false }
            server.answer(CallbackText.unrecognized, to: connection, into: &effects)
            server.leave(connection, into: &effects)
            if self == .errorCloses {
                effects.close(connection)
            } else {
                server.sessions.update(connection) { $0.state = .visitor }
            }
            return true
        case .loginWordsIgnored, .listsVisitors, .exitsVisitors:
            return false
        }
    }

    private func performForVisitor(
        _ request: CallbackRequest,
        on server: CallbackServer,
        into effects: inout EffectBuffer
    ) -> Bool {
        switch self {
        case .loginWordsIgnored:
            return request.command == .unrecognized && request.begins(with: "/login")
        case .listsVisitors:
            guard request.command == .list else { return false }
            CallbackWriting.append(list: server.users.names, to: &effects.payloads)
            effects.reply(to: request.connection)
            return true
        case .exitsVisitors:
            return !request.begins(with: "/login")
        case .unknownIgnored, .unknownFails, .emptyIgnored, .anyCase, .listTakesWords,
            .exitTakesWords, .missingTextFails, .toAloneIgnored, .toAllAloneSends, .errorCloses,
            .errorLogsOut, .portsZero, .portsText:
            return false
        }
    }
}
