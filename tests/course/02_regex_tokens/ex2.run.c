#include "runner.h"
#include <string.h>

extern void join_tokens(const char *const *tokens, int n, char *out);

void run_case(void) {
    int n;
    const char **tokens = take_texts("tokens", &n);
    size_t room = 1;
    for (int i = 0; i < n; i++) room += strlen(tokens[i]) + 1;
    char *out = fresh_room("out", room, 1);
    join_tokens(tokens, n, out);
    const char *end = memchr(out, '\0', room);
    hand_text(out, end ? (size_t)(end - out) : room);
}
