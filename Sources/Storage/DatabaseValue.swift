// SPDX-License-Identifier: Apache-2.0

/// A value of a column, or of a statement's parameter.
package enum DatabaseValue: Hashable, Sendable {
    case null
    case integer(Int64)
    /// UTF-8, as it was given; SQLite does not check it.
    case text([UInt8])
    case blob([UInt8])
}
