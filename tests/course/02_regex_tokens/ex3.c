/* 02.3: ids of tokens, unknown ones too, against the table of common/text. */
#include "judge.h"
#include "text/vocab.h"
#include "base/memory.h"
#include <string.h>

static void check_one(const char *const *vocabulary, int words, const char *const *tokens, int n) {
    Vocab vocab = {0};
    int expected[40], unknown = 0;
    String shown = {0};
    string_add(&shown, "%s", "");
    for (int i = 0; i < words; i++) vocab_add(&vocab, vocabulary[i], strlen(vocabulary[i]));
    for (int i = 0; i < n; i++) {
        int id = vocab_id(&vocab, tokens[i], strlen(tokens[i]));
        expected[i] = id < 0 ? words : id;
        unknown += id < 0;
        string_add(&shown, " %s", tokens[i]);
    }
    input("a vocabulary of %d words and the tokens%s", words, shown.text);
    give_texts(vocabulary, words), give_texts(tokens, n);
    ask();
    check_int("how many are unknown", got_int(), unknown);
    check_ints("the ids", got_ints((size_t)n), expected, (size_t)n);
    string_free(&shown);
    vocab_free(&vocab);
}

void check(void) {
    static const char *const small[] = {",", "a", "tea"};
    static const char *const words[] = {"!",   ",",  "--", "A",  "I",   "a",    "aa",
                                        "cup", "of", "t",  "te", "tea", "teas", "\303\251t\303\251"};
    check_one(small, 3, (const char *const[]){"a", "cup", ",", "tea"}, 4);
    check_one(small, 3, small, 0);
    check_one(small, 0, small, 3);
    check_one(small, 1, (const char *const[]){",", ",,", ""}, 3);
    Rng rng = check_rng();
    for (int round = 0; round < 1000; round++) {
        const char *tokens[40], *vocabulary[14];
        int n = (int)(rng_bits(&rng) % 40), known = 0;
        for (int i = 0; i < 14; i++)
            if (rng_bits(&rng) % 3) vocabulary[known++] = words[i];
        for (int i = 0; i < n; i++) tokens[i] = words[rng_bits(&rng) % 14];
        check_one(vocabulary, known, tokens, n);
    }
}
