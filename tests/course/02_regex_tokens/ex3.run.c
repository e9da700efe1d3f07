#include "runner.h"

extern int ids_of_tokens(const char *const *vocabulary, int words, const char *const *tokens, int n, int *ids);

void run_case(void) {
    int words, n;
    const char **vocabulary = take_texts("vocabulary", &words), **tokens = take_texts("tokens", &n);
    int *ids = fresh_room("ids", (size_t)n, sizeof *ids);
    hand_int(ids_of_tokens(vocabulary, words, tokens, n, ids));
    hand_ints(ids, (size_t)n);
}
