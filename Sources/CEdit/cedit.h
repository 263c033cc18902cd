// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <histedit.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

// Functions with a variable number of arguments, globals and macros, which Swift does not see.

// Declared only where _XOPEN_SOURCE is.
extern int wcwidth(wchar_t);

// What the editor's client data points to.
struct cedit_state {
    char *prompt;
    // How many keys the current call has read, and the last one.
    int keys;
    wchar_t last;
    // Whether the terminal has no more.
    int has_ended;
};

static inline struct cedit_state *cedit_state(EditLine *editor) {
    void *state = NULL;
    el_get(editor, EL_CLIENTDATA, &state);
    return state;
}
static inline char *cedit_prompt(EditLine *editor) { return cedit_state(editor)->prompt; }

// How long each further key of a sequence that Escape begins may take: the sequence is given up
// then, as nothing that comes in could be shown while it is waited for.
enum { cedit_escape_milliseconds = 500 };

// Waits for a byte; 1, 0 where there is none in time, -1 for an error.
static inline int cedit_wait(int milliseconds) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready;
    do ready = poll(&input, 1, milliseconds);
    while (ready < 0 && errno == EINTR);
    return ready;
}

// Reads one key for the editor, as its own function does, but remembers whether that was the end:
// to its caller an empty line and the end of input look alike when keys come one at a time.
static inline int cedit_read_key(EditLine *editor, wchar_t *key) {
    struct cedit_state *state = cedit_state(editor);
    char bytes[MB_LEN_MAX];
    size_t held = 0;
    if (state->keys > 0 && cedit_wait(cedit_escape_milliseconds) == 0) return 0;
    for (;;) {
        ssize_t count = read(STDIN_FILENO, bytes + held, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN && cedit_wait(-1) > 0) continue;
        if (count <= 0) {
            state->has_ended = 1;
            return (int)count;
        }
        mbstate_t fresh = {0};
        size_t used = mbrtowc(key, bytes, ++held, &fresh);
        if (used == (size_t)-2 && held < sizeof bytes) continue;
        if (used == (size_t)-1 && held > 1) {
            // What was read is no character; its last byte may be one.
            bytes[0] = bytes[held - 1];
            held = 1;
            fresh = (mbstate_t){0};
            used = mbrtowc(key, bytes, held, &fresh);
            if (used == (size_t)-2) continue;
        }
        if (used == (size_t)-1 || used == (size_t)-2) {
            held = 0;
            continue;
        }
        state->keys++;
        state->last = *key;
        return 1;
    }
}

static inline EditLine *cedit_open(const char *program, struct cedit_state *state) {
    EditLine *editor = el_init(program, stdin, stdout, stderr);
    if (!editor) return NULL;
    el_set(editor, EL_CLIENTDATA, (void *)state);
    el_set(editor, EL_PROMPT, cedit_prompt);
    el_set(editor, EL_GETCFN, cedit_read_key);
    return editor;
}
static inline int cedit_use_history(EditLine *editor, History *lines) {
    return el_set(editor, EL_HIST, history, lines);
}
static inline int cedit_set_flag(EditLine *editor, int name, int value) {
    return el_set(editor, name, value);
}
static inline int cedit_use_emacs_keys(EditLine *editor) {
    return el_set(editor, EL_EDITOR, "emacs");
}
// A key that only rings.
static inline int cedit_unbind(EditLine *editor, const char *key) {
    return el_set(editor, EL_BIND, key, "ed-unassigned", NULL);
}
static inline int cedit_refresh(EditLine *editor) { return el_set(editor, EL_REFRESH); }
static inline int cedit_limit_history(History *lines, int count) {
    HistEvent event;
    return history(lines, &event, H_SETSIZE, count);
}
static inline int cedit_enter_history(History *lines, const char *line) {
    HistEvent event;
    return history(lines, &event, H_ENTER, line);
}
static inline void cedit_flush(void) { fflush(stdout); }

// Reads characters as the user's language writes them; as UTF-8 where that is none.
static inline void cedit_use_locale(void) {
    if (!setlocale(LC_CTYPE, "") || MB_CUR_MAX < 2) setlocale(LC_CTYPE, "C.UTF-8");
}
