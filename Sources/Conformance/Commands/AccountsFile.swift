// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix
import Specs

/// The file of `--users`: the accounts that a server under test knows.
enum AccountsFile {
    static func read(
        _ path: String, of document: ProtocolDocument, _ parsed: ParsedCommand
    ) throws(UsageError) -> [Account] {
        let shown = ByteEscaping.escape(path.utf8)
        guard let template = document.accounts else {
            throw parsed.usageError("--users: servers of \(document.name) have no accounts")
        }
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, limit: 16 << 20)
        } catch {
            throw parsed.usageError("--users: \(shown): \(error.cause.reason)")
        }
        do {
            return try template.accounts(in: bytes)
        } catch {
            let what = ByteEscaping.escape(error.reason.utf8)
            throw parsed.usageError("--users: \(shown): line \(error.line): \(what)")
        }
    }
}
