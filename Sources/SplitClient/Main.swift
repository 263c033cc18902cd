// SPDX-License-Identifier: Apache-2.0

@main
enum SplitClientMain {
    static func main() {
    }
}
