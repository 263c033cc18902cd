// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("Base64")
struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(
        "the examples of the RFC hold both ways",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func examples(text: String, encoded: String) {
        #expect(Base64.encode(text.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test("all byte values come back, at every length of the tail")
    func roundTrips() {
        for length in 250...256 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: 255 - $0) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(
        "what is not exactly Base64 is refused",
        arguments: ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm-_"]
    )
    func refuses(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
