/* 02.2: tokens joined, against a text that is built with every space first and then loses those before a mark. */
#include "judge.h"
#include "base/memory.h"
#include <string.h>

extern void join_tokens(const char *const *tokens, int n, char *out);

static void check_one(const char *const *tokens, int n) {
    char got[600], expected[600];
    String all = {0};
    string_add(&all, "%s", "");
    for (int i = 0; i < n; i++) string_add(&all, "%s%s", i ? " " : "", tokens[i]);
    size_t kept = 0;
    for (size_t i = 0; i < all.length; i++)
        if (!(all.text[i] == ' ' && i + 1 < all.length && strchr(",.:;?!\"()'", all.text[i + 1])))
            expected[kept++] = all.text[i];
    expected[kept] = '\0';
    input("the tokens, with a space between all: %s", all.text);
    memset(got, '#', sizeof got);
    got[sizeof got - 1] = '\0';
    join_tokens(tokens, n, got);
    check_text("the text", got, expected);
    string_free(&all);
}

void check(void) {
    static const char *const words[] = {"Is", "it", "?", "\"", "No", ",", "--", "(",      ")",
                                        "'",  "s",  ":", ";",  ".",  "!", "_",  "<|unk|>"};
    check_one(words, 6);
    check_one(words + 2, 1);
    check_one(words, 1);
    check_one(words, 0);
    check_one(words, 17);
    Rng rng = check_rng();
    for (int round = 0; round < 500; round++) {
        const char *tokens[40];
        int n = (int)(rng_bits(&rng) % 40);
        for (int i = 0; i < n; i++) tokens[i] = words[rng_bits(&rng) % 17];
        check_one(tokens, n);
    }
}
