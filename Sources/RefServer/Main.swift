// SPDX-License-Identifier: Apache-2.0

@main
enum RefServerMain {
    static func main() {
    }
}
