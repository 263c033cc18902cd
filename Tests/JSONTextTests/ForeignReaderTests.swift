// SPDX-License-Identifier: Apache-2.0

import Bytes
import JSONText
import Posix
import Testing

/// The reader beside those of other people: what is valid, and what it says.
///
/// `Scripts/compare-json` runs it on as many generated texts as one likes.
@Suite("JSON as others read it", .timeLimit(.minutes(600)))
struct ForeignReaderTests {
    @Test("python3 and node find valid what the reader finds valid, and read the same in it")
    func agree() throws {
        let count = Environment.value("CHATSPEC_JSON_TEXTS").flatMap { Int($0) } ?? 3_000
        let seed = Environment.value("CHATSPEC_JSON_SEED").flatMap { UInt64($0) } ?? 1
        var generator = JSONTextGenerator(seed: seed)
        var others = [try ForeignReader.python()]
        if let node = try ForeignReader.node() { others.append(node) }
        var texts = JSONTextGenerator.corpus
        var done = 0
        var valid = 0
        while done < count {
            while texts.count < 20_000, done + texts.count < count {
                texts.append(generator.next())
            }
            let ours = texts.map(CanonicalJSON.reading)
            valid += ours.count { $0 != CanonicalJSON.invalid }
            for other in others { try compare(ours, with: other, texts) }
            done += texts.count
            texts = []
        }
        // Else one side would hardly be tested.
        #expect(valid > done / 10)
        #expect(valid < done * 9 / 10)
        if Environment.value("CHATSPEC_JSON_TEXTS") != nil {
            print("\(done) texts, \(valid) of them valid; readers: \(others.map(\.name))")
        }
    }

    private func compare(
        _ ours: [String],
        with other: ForeignReader,
        _ texts: [[UInt8]]
    ) throws {
        let theirs = try other.read(texts)
        try #require(theirs.count == ours.count)
        for (index, (mine, other)) in zip(ours, zip(theirs, texts)).enumerated()
        where mine != other.0 {
            Issue.record(
                """
                text \(index): \(ByteEscaping.quoted(other.1))
                here:  \(mine)
                there: \(other.0)
                """)
        }
    }

    @Test("the texts are the same for the same seed")
    func isRepeatable() {
        var one = JSONTextGenerator(seed: 5)
        var other = JSONTextGenerator(seed: 5)
        for _ in 0..<100 { #expect(one.next() == other.next()) }
    }
}

/// One line that says all of a value: numbers as the bits of doubles, strings in hexadecimal.
private enum CanonicalJSON {
    static let invalid = "-"

    static func reading(_ text: [UInt8]) -> String {
        guard let node = try? JSONReader.parse(whole: text) else { return invalid }
        return line(node.value)
    }

    private static func line(_ value: JSONValue) -> String {
        switch value {
        case .null: return "z"
        case .bool(let bool): return bool ? "t" : "f"
        case .number(let number):
            let text = String(decoding: number.text, as: UTF8.self)
            return "n" + hexadecimal(bits(Double(text) ?? .nan))
        case .string(let bytes): return "s" + hexadecimal(bytes)
        case .array(let elements):
            return "[" + elements.map { line($0.value) }.joined(separator: ",") + "]"
        case .object(let members):
            var values: [String: String] = [:]
            for member in members { values[hexadecimal(member.key)] = line(member.node.value) }
            let sorted = values.sorted { $0.key < $1.key }
            return "{" + sorted.map { "\($0.key):\($0.value)" }.joined(separator: ",") + "}"
        }
    }

    private static func bits(_ number: Double) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (56 - 8 * $0)) }
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Somebody else's reader, which reads hexadecimal lines and writes canonical ones.
private struct ForeignReader {
    let name: String
    let words: [String]

    static func python() throws -> ForeignReader {
        ForeignReader(name: "python3", words: ["python3", "-I", "-c", pythonProgram])
    }

    /// `nil` where node is not installed.
    static func node() throws -> ForeignReader? {
        let probe = try run(["/bin/sh", "-c", "command -v node"])
        return probe == .exited(0)
            ? ForeignReader(name: "node", words: ["node", "-e", nodeProgram]) : nil
    }

    func read(_ texts: [[UInt8]]) throws -> [String] {
        let folder = try Files.makeTemporaryDirectory(prefix: "chatspec-json-")
        defer { try? Files.removeTree(folder) }
        let lines = texts.map { CanonicalJSON.hexadecimal($0) + "\n" }.joined()
        try Files.write(Array(lines.utf8), to: folder + "/in")
        // A shell finds the program on the PATH.
        let line =
            ["/bin/sh", "-c", #"exec "$0" "$@""#] + words + [folder + "/in", folder + "/out"]
        let end = try Self.run(line)
        #expect(end == .exited(0))
        let output = String(decoding: try Files.read(folder + "/out"), as: UTF8.self)
        return output.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }

    private static func run(_ words: [String]) throws -> Termination? {
        let child = try Child(Command(words))
        return try child.wait(until: MonotonicClock.deadline(after: 600_000_000_000))
    }

    /// RFC 8259 and no more: no NaN, and no half surrogate pairs.
    private static let pythonProgram = #"""
        import json, struct, sys
        def no(word): raise ValueError(word)
        def line(value):
            if value is None: return "z"
            if value is True: return "t"
            if value is False: return "f"
            if isinstance(value, float): return "n" + struct.pack(">d", value).hex()
            if isinstance(value, str): return "s" + value.encode().hex()
            if isinstance(value, list): return "[" + ",".join(map(line, value)) + "]"
            pairs = sorted((key.encode().hex(), line(item)) for key, item in value.items())
            return "{" + ",".join(key + ":" + item for key, item in pairs) + "}"
        # Of equal keys only the last can be seen; a half pair in an earlier one is seen here.
        def halves(pairs):
            for key, item in pairs: line(key), line(item)
            return dict(pairs)
        decoder = json.JSONDecoder(parse_int=float, parse_constant=no, object_pairs_hook=halves)
        with open(sys.argv[1]) as source, open(sys.argv[2], "w") as target:
            for text in source:
                try: answer = line(decoder.decode(bytes.fromhex(text).decode()))
                except ValueError: answer = "-"
                target.write(answer + "\n")
        """#

    private static let nodeProgram = #"""
        const fs = require("fs");
        const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
        const bits = Buffer.alloc(8);
        function hex(text) {
            const bytes = Buffer.from(text, "utf8");
            if (bytes.toString("utf8") !== text) throw new Error("half a surrogate pair");
            return bytes.toString("hex");
        }
        function line(value) {
            if (value === null) return "z";
            if (value === true) return "t";
            if (value === false) return "f";
            if (typeof value === "number") { bits.writeDoubleBE(value); return "n" + bits.toString("hex"); }
            if (typeof value === "string") return "s" + hex(value);
            if (Array.isArray(value)) return "[" + value.map(line).join(",") + "]";
            const pairs = Object.keys(value).map((key) => [hex(key), line(value[key])]);
            pairs.sort((a, b) => (a[0] < b[0] ? -1 : 1));
            return "{" + pairs.map((pair) => pair.join(":")).join(",") + "}";
        }
        // Of equal keys only the last can be seen; a half pair in an earlier one is seen here.
        function whole(text) {
            for (const string of text.match(/"(?:[^"\\]|\\.)*"/gs) || []) hex(JSON.parse(string));
            return text;
        }
        const answers = fs.readFileSync(process.argv[1], "latin1").split("\n").slice(0, -1).map((text) => {
            try {
                const decoded = decoder.decode(Buffer.from(text, "hex"));
                const value = JSON.parse(decoded);
                whole(decoded);
                return line(value);
            } catch { return "-"; }
        });
        fs.writeFileSync(process.argv[2], answers.join("\n") + "\n");
        """#
}
