// SPDX-License-Identifier: Apache-2.0

#include <sodium.h>

// Macros whose types Swift does not see.
static inline unsigned long long csodium_interactive_operations(void) {
    return crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
}
static inline size_t csodium_interactive_memory(void) {
    return crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;
}
static inline unsigned long long csodium_least_operations(void) {
    return crypto_pwhash_argon2id_OPSLIMIT_MIN;
}
static inline size_t csodium_least_memory(void) { return crypto_pwhash_argon2id_MEMLIMIT_MIN; }
