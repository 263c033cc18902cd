// SPDX-License-Identifier: Apache-2.0

import Posix
import Testing

@Suite struct AddressTests {
    @Test(
        "a numeric address reads as it is written",
        arguments: ["127.0.0.1:5000", "[::1]:5000", "0.0.0.0:0", "[2001:db8::ff]:65535"]
    )
    func roundTrip(text: String) {
        #expect(SocketAddress(parsing: text)?.description == text)
    }

    @Test(
        "what is no address with a port is refused",
        arguments: [
            "", ":", "127.0.0.1", "127.0.0.1:", ":80", "::1:80", "[::1]", "[]:80", "1.2.3:80",
            "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1: 1", "localhost:80",
        ]
    )
    func refused(text: String) {
        #expect(SocketAddress(parsing: text) == nil)
    }

    @Test(
        "an IPv4 address in IPv6's form is one",
        arguments: [
            ("[::ffff:127.0.0.1]:80", "127.0.0.1:80"), ("[::1]:80", "[::1]:80"),
            ("10.0.0.1:80", "10.0.0.1:80"), ("[1::ffff:7f00:1]:80", "[1::ffff:7f00:1]:80"),
        ]
    )
    func unmapped(text: String, plain: String) {
        #expect(SocketAddress(parsing: text)?.unmapped.description == plain)
    }

    @Test("a link-local address has an interface, which must be there")
    func scoped() throws {
        let loopback = try #require(try NetworkInterface.loopback()).name
        let text = "[fe80::1%\(loopback)]:80"
        let address = try #require(SocketAddress(parsing: text))
        #expect(address.description == text)
        #expect(address.host.number == "fe80::1")
        #expect(address.host.lackOfScope == nil)
        let bare = try #require(IPAddress(parsing: "fe80::1"))
        #expect(bare != address.host)
        #expect(bare.lackOfScope?.contains("fe80::1%eth0") == true)
        #expect(IPAddress(parsing: "febf::1")?.isLinkLocal == true)
        #expect(IPAddress(parsing: "fec0::1")?.isLinkLocal == false)
        #expect(IPAddress.loopback6.lackOfScope == nil)
    }

    @Test(
        "what is wrong with an interface is said",
        arguments: [
            ("fe80::1%no-such-one", "there is no interface no-such-one"),
            ("fe80::1%", "there is no interface "), ("fe80::1%0", "there is no interface 0"),
            ("::1%lo", "leave out %lo"),
        ])
    func wrongScope(host: String, reason: String) {
        #expect(IPAddress(parsing: host) == nil)
        let error = #expect(throws: ResolutionError.self) {
            try Resolver.resolve(host: host, port: 7)
        }
        #expect(error?.reason.contains(reason) == true)
    }

    @Test func aHostMayBeAName() {
        #expect(
            HostAndPort(parsing: "example.org:80") == HostAndPort(host: "example.org", port: 80)
        )
        #expect(HostAndPort(parsing: "[::1]:80")?.description == "[::1]:80")
    }

    @Test func aNumberIsResolvedToItself() throws {
        let found = try Resolver.resolve(host: "::1", port: 7)
        #expect(found == [SocketAddress(.loopback6, port: 7)])
    }

    @Test func localhostIsALoopbackAddress() throws {
        let found = try Resolver.resolve(host: "localhost", port: 7).map(\.host)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { [.loopback4, .loopback6].contains($0) })
    }

    @Test func aNameThatCannotExistIsNamedInTheError() {
        // A label of more than 63 bytes is no name, so nobody is asked (RFC 1035, section 2.3.4).
        let name = String(repeating: "x", count: 70)
        let error = #expect(throws: ResolutionError.self) {
            try Resolver.resolve(host: name, port: 7)
        }
        #expect(error?.description.hasPrefix("cannot find the address of \(name): ") == true)
    }

    @Test func anErrorSaysTheCallTheReasonAndTheName() {
        let known = SystemCallError(call: "bind", code: 98)
        #expect(known.description == "bind: Address already in use (EADDRINUSE)")
        #expect(SystemCallError(call: "bind", code: 99_999).description == "bind: error 99999")
    }
}
