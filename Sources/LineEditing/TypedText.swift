// SPDX-License-Identifier: Apache-2.0

/// Where a line that is being typed lies on a terminal.
///
/// The terminal goes on in the next row behind its last column. A character that is two columns
/// wide and finds only one begins in the next row. What editors show as `^X` takes two.
package enum TypedText {
    /// How many rows the cursor is below the one in which the prompt begins.
    ///
    /// `width` is how many columns a scalar takes, negative for one that cannot be shown.
    package static func rowsAbove(
        prompt: String, typed: String, columns: Int, width: (Unicode.Scalar) -> Int
    ) -> Int {
        let columns = max(1, columns)
        var (row, column) = (0, 0)
        for scalar in (prompt + typed).unicodeScalars {
            let own = width(scalar)
            let needed = own < 0 ? 2 : own
            if column + needed > columns { (row, column) = (row + 1, 0) }
            column += needed
            if column == columns { (row, column) = (row + 1, 0) }
        }
        return row
    }

    /// What makes room for other text: the rows of the typed line are erased, and the cursor
    /// stands where the prompt began.
    package static func erasure(rowsAbove: Int) -> String {
        let up = rowsAbove > 0 ? "\u{1B}[\(rowsAbove)A" : ""
        return "\(up)\r\u{1B}[J"
    }
}
