// SPDX-License-Identifier: Apache-2.0

#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

// Functions with a variable number of arguments, globals and macros, which Swift does not see.

// Declared only where _XOPEN_SOURCE is.
extern int wcwidth(wchar_t);

// The prompt is what the editor's client data points to.
static inline char *cedit_prompt(EditLine *editor) {
    void *prompt = NULL;
    el_get(editor, EL_CLIENTDATA, &prompt);
    return prompt;
}
static inline EditLine *cedit_open(const char *program) {
    return el_init(program, stdin, stdout, stderr);
}
static inline int cedit_use_prompt(EditLine *editor, const char *prompt) {
    el_set(editor, EL_CLIENTDATA, (void *)prompt);
    return el_set(editor, EL_PROMPT, cedit_prompt);
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
