// SPDX-License-Identifier: Apache-2.0

package import ConformanceCore

extension [Plan] {
    /// Three of the cases of a scenario, or all where they are no more.
    package var firstMiddleAndLast: [Plan] {
        count > 3 ? [self[0], self[count / 2], self[count - 1]] : self
    }
}
