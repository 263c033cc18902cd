// SPDX-License-Identifier: Apache-2.0

/// JSON into bytes, value by value; brackets and commas are the writer's business.
///
/// ```swift
/// var writer = JSONWriter(style: .pretty)
/// writer.object { report in
///     report.member("schemaVersion", 1)
///     report.array("scenarios") { scenarios in
///         scenarios.object { $0.member("id", "join.announced") }
///     }
/// }
/// ```
package struct JSONWriter {
    private var output: JSONOutput

    package init(style: JSONStyle = .compact) {
        output = JSONOutput(style: style)
    }

    /// What is written and not yet taken.
    package var bytes: [UInt8] { output.bytes }

    /// Takes what is written, so that a long text need not be held whole.
    package mutating func takeBytes() -> [UInt8] {
        defer { output.bytes = [] }
        return output.bytes
    }

    /// Writes one whole value.
    package mutating func value(_ value: some JSONWritable) {
        value.write(to: &output)
        endLine()
    }

    /// Writes an object with the members that `body` adds.
    package mutating func object<Failure: Error>(
        _ body: (inout JSONObjectWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try JSONObjectWriter.write(to: &output, body)
        endLine()
    }

    /// Writes an array with the elements that `body` adds.
    package mutating func array<Failure: Error>(
        _ body: (inout JSONArrayWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try JSONArrayWriter.write(to: &output, body)
        endLine()
    }

    private mutating func endLine() {
        if output.style.isIndented { output.bytes.append(0x0A) }
    }
}

/// The members of one object, in the order given; keys are not checked for duplicates.
package struct JSONObjectWriter {
    private var output: JSONOutput
    private var isEmpty = true

    /// Adds a member with a whole value.
    package mutating func member(_ key: String, _ value: some JSONWritable) {
        begin(key)
        value.write(to: &output)
    }

    /// Adds a member whose value is an object.
    package mutating func object<Failure: Error>(
        _ key: String,
        _ body: (inout JSONObjectWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(key)
        try JSONObjectWriter.write(to: &output, body)
    }

    /// Adds a member whose value is an array.
    package mutating func array<Failure: Error>(
        _ key: String,
        _ body: (inout JSONArrayWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(key)
        try JSONArrayWriter.write(to: &output, body)
    }

    private mutating func begin(_ key: String) {
        output.separate(isFirst: isEmpty)
        output.key(key)
        isEmpty = false
    }

    /// The output moves into the writer and back, so that its bytes are never copied.
    fileprivate static func write<Failure: Error>(
        to output: inout JSONOutput,
        _ body: (inout JSONObjectWriter) throws(Failure) -> Void
    ) throws(Failure) {
        output.open(UInt8(ascii: "{"))
        var writer = JSONObjectWriter(output: JSONOutput(style: output.style))
        swap(&writer.output, &output)
        defer { swap(&writer.output, &output) }
        try body(&writer)
        writer.output.close(UInt8(ascii: "}"), isEmpty: writer.isEmpty)
    }
}

/// The elements of one array, in the order given.
package struct JSONArrayWriter {
    private var output: JSONOutput
    private var isEmpty = true

    /// Adds a whole value.
    package mutating func value(_ value: some JSONWritable) {
        begin()
        value.write(to: &output)
    }

    /// Adds an object.
    package mutating func object<Failure: Error>(
        _ body: (inout JSONObjectWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin()
        try JSONObjectWriter.write(to: &output, body)
    }

    /// Adds an array.
    package mutating func array<Failure: Error>(
        _ body: (inout JSONArrayWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin()
        try JSONArrayWriter.write(to: &output, body)
    }

    private mutating func begin() {
        output.separate(isFirst: isEmpty)
        isEmpty = false
    }

    fileprivate static func write<Failure: Error>(
        to output: inout JSONOutput,
        _ body: (inout JSONArrayWriter) throws(Failure) -> Void
    ) throws(Failure) {
        output.open(UInt8(ascii: "["))
        var writer = JSONArrayWriter(output: JSONOutput(style: output.style))
        swap(&writer.output, &output)
        defer { swap(&writer.output, &output) }
        try body(&writer)
        writer.output.close(UInt8(ascii: "]"), isEmpty: writer.isEmpty)
    }
}
