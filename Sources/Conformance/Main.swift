// SPDX-License-Identifier: Apache-2.0

@main
enum ConformanceMain {
    static func main() {
    }
}
