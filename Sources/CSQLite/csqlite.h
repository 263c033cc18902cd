// SPDX-License-Identifier: Apache-2.0

#include <sqlite3.h>

// A macro that Swift does not see: SQLite copies what is bound before the call returns.
static inline sqlite3_destructor_type csqlite_copy(void) { return SQLITE_TRANSIENT; }
