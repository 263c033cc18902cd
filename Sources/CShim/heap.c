// SPDX-License-Identifier: Apache-2.0

#include "CShim.h"

#include <malloc.h>

enum { MEBIBYTE = 1024 * 1024 };

void cshim_let_heap_grow_seldom(void) {
#ifdef M_TOP_PAD
    // Each of these ends the library's own adjusting of the others, so that all three are set.
    mallopt(M_TOP_PAD, 16 * MEBIBYTE);
    mallopt(M_TRIM_THRESHOLD, 64 * MEBIBYTE);
    mallopt(M_MMAP_THRESHOLD, 4 * MEBIBYTE);
#endif
}
