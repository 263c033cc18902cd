// SPDX-License-Identifier: Apache-2.0

import Arguments
import Bytes
import Posix
import Reports

/// The file of a stored report, as a user names it.
enum StoredReportFile {
    /// The file, also where its folder is named.
    static func path(_ given: String) -> String {
        Files.isDirectory(given) ? PathText.join(given, "report.json") : given
    }

    /// Reads the report; `option` begins the sentence that says what is wrong with it.
    static func read(
        _ given: String, _ option: String, _ parsed: ParsedCommand
    ) throws(UsageError) -> StoredReport {
        let path = path(given)
        let shown = ByteEscaping.escape(path.utf8)
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path)
        } catch {
            throw parsed.usageError(
                "\(option): \(shown): \(error.cause.reason); expected is the report.json of a run")
        }
        do {
            return try StoredReport(reading: bytes)
        } catch {
            let what = ByteEscaping.escape(error.description.utf8)
            throw parsed.usageError(
                "\(option): \(shown): \(what); expected is the report.json of a run")
        }
    }
}
