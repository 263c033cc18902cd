// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import SplitClient

/// What of the effects a reader needs, in words.
func words(_ effects: [ChatEffect]) -> [String] {
    effects.map { effect in
        switch effect {
        case .send(let message, .main): "a: " + text(message)
        case .send(let message, .back): "b: " + text(message)
        case .show(let text): "show: " + String(decoding: text, as: UTF8.self)
        case .ask(let prompt): "ask: " + prompt.text
        case .listen: "listen"
        case .leave: "leave"
        case .finish: "finish"
        case .end(.asWished): "end"
        case .end(.refused): "end: refused"
        }
    }
}

private func text(_ message: MessageToCut) -> String {
    String(decoding: message.bytes.prefix(message.contentLength), as: UTF8.self)
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
