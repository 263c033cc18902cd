// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SplitClient

extension BrokenJSONTests {
    @Test(
        "whatever one byte becomes, it costs none of the objects around it",
        arguments: [[], [UInt8(0x0A)]])
    func everyByte(separator: [UInt8]) {
        let objects = [
            #"{"a":"x{\"1}","b":[2]}"#, #"{"a":null,"b":"y"}"#, #"{"a":"z"}"#, #"{"a":"w"}"#,
        ].map { Array($0.utf8) }
        for place in 0...1 {
            let others = Set(objects.indices.filter { $0 != place }.map { objects[$0] })
            for offset in 0..<(objects[place].count + separator.count) {
                for byte in UInt8.min...UInt8.max {
                    var pieces = objects.map { $0 + separator }
                    pieces[place][offset] = byte
                    let stream = Array(pieces.joined())
                    let found = messages(stream, inPiecesOf: stream.count)
                        .map { Array($0.drop(while: JSONSpace.contains)) }
                    #expect(others.isSubset(of: found), "\(byte) at \(offset) of object \(place)")
                }
            }
        }
    }
}
