// SPDX-License-Identifier: Apache-2.0

/// Faults by which one name or password is taken for another that is like it.
enum ChannelsLikenessFault: String, ChannelsLineFault {
    case passwordBeginnings = "compares-eight-bytes-of-passwords"
    case asciiPasswords = "compares-passwords-in-ascii"
    case userBeginnings = "refuses-beginnings-of-user-names"

    var meaning: FaultMeaning {
        switch self {
        case .passwordBeginnings:
            .init("login.wrong-password", "the first eight bytes of a password suffice")
        case .asciiPasswords:
            .init("login.wrong-password", "what is not ASCII in a password is left out")
        case .userBeginnings:
            .init("register.ok", "a name that another begins with is answered 0")
        }
    }

    func read(_ request: ChannelsRequest, _ state: inout ChannelsFaultState) -> ChannelsReading {
        switch request.command {
        case .register(let user, let password):
            let name = request.part(user)
            if self == .userBeginnings, isBeginning(name, request) {
                return .answer(["RESULT REGISTER 0".bytes])
            }
            return .lines([line("REGISTER", name, request.part(password))])
        case .login(let user, let password):
            return .lines([line("LOGIN", request.part(user), request.part(password))])
        case .create, .join, .say, .channels, .ignored: return .right
        }
    }

    private func line(_ command: String, _ user: [UInt8], _ password: [UInt8]) -> [UInt8] {
        ChannelsFaultText.line(command.bytes, user, likened(password))
    }

    /// What is looked at of a password; never nothing, which would be another number of words.
    private func likened(_ password: [UInt8]) -> [UInt8] {
        switch self {
        case .passwordBeginnings: return Array(password.prefix(8))
        case .asciiPasswords:
            let letters = password.filter { $0 < 0x80 }
            return letters.isEmpty ? "?".bytes : letters
        case .userBeginnings: return password
        }
    }

    /// Whether a user's name begins with this one and is longer.
    private func isBeginning(_ name: [UInt8], _ request: ChannelsRequest) -> Bool {
        request.server.accounts.accounts.contains { account in
            account.name.count > name.count && account.name.starts(with: name)
        }
    }
}
