// SPDX-License-Identifier: Apache-2.0

/// A direction of a proxied connection.
enum ProxyRoute: CaseIterable, Equatable {
    /// From the client to the server.
    case there
    /// From the server to the client.
    case back

    /// What stands for it in a log.
    var symbol: String {
        switch self {
        case .there: ">"
        case .back: "<"
        }
    }

    var opposite: ProxyRoute {
        switch self {
        case .there: .back
        case .back: .there
        }
    }
}

/// How a direction ends.
enum RouteEnd: String, CaseIterable, Equatable {
    /// Its source has ended its direction.
    case fin
    case reset
    /// As the command line wants it.
    case injectedFin = "injected-fin"
    case injectedReset = "injected-reset"

    var isReset: Bool {
        switch self {
        case .reset, .injectedReset: true
        case .fin, .injectedFin: false
        }
    }
}

/// An end that a direction is given after so many bytes.
struct Injection: Equatable {
    enum Kind: Equatable { case fin, reset }

    var kind: Kind
    var offset: Int

    var end: RouteEnd {
        switch kind {
        case .fin: .injectedFin
        case .reset: .injectedReset
        }
    }
}
