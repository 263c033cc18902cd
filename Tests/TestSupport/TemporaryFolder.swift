// SPDX-License-Identifier: Apache-2.0

import Posix

/// A folder that is removed with all that is in it when nobody refers to it any more.
package final class TemporaryFolder {
    package let path: String

    package init() throws {
        path = try Files.makeTemporaryDirectory(prefix: "chatspec-test-")
    }

    deinit { try? Files.removeTree(path) }
}
