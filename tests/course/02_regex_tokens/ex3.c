/* 02.3: ids of tokens, unknown ones too, against the table of common/text. */
#include "judge.h"
#include "text/vocab.h"
#include <stdio.h>
#include <string.h>

enum { MOST = 400 };

static void check_one(const char *const *vocabulary, int words, const char *const *tokens, int n) {
    Vocab vocab = {0};
    int expected[MOST], unknown = 0;
    for (int i = 0; i < words; i++) vocab_add(&vocab, vocabulary[i], strlen(vocabulary[i]));
    for (int i = 0; i < n; i++) {
        int id = vocab_id(&vocab, tokens[i], strlen(tokens[i]));
        expected[i] = id < 0 ? words : id;
        unknown += id < 0;
    }
    input("words = %d, n = %d", words, n);
    input_texts("vocabulary", vocabulary, words), input_texts("tokens", tokens, n);
    give_texts(vocabulary, words), give_texts(tokens, n);
    ask();
    check_int("how many are unknown", got_int(), unknown);
    check_ints("the ids", got_ints((size_t)n), expected, (size_t)n);
    vocab_free(&vocab);
}

/* A vocabulary of 80 words that differ far behind only, and tokens that are in it, before it, behind it, between. The
 * first `same` bytes are those of all. */
static void check_long(int same) {
    enum { WORDS = 80, TOKENS = 40, ROOM = 1400 };
    static char made[WORDS][ROOM], asked[TOKENS][ROOM], begin[ROOM];
    const char *vocabulary[WORDS], *tokens[TOKENS];
    for (int i = 0; i < same; i++) begin[i] = "a_word_that_begins_like_all_others_"[i % 35];
    for (int i = 0; i < WORDS; i++) {
        snprintf(made[i], sizeof made[i], "%s%03d", begin, 3 * i);
        vocabulary[i] = made[i];
    }
    for (int i = 0; i < TOKENS; i++) {
        const char *longer = i % 5 == 4 ? "0" : "";
        snprintf(asked[i], sizeof asked[i], "%s%03d%s", begin, 241 - 7 * i + i % 2, longer);
        tokens[i] = asked[i];
    }
    tokens[7] = begin, tokens[8] = "", tokens[9] = "b", tokens[10] = made[WORDS - 1];
    check_one(vocabulary, WORDS, tokens, TOKENS);
}

/* 1,000 words and 400 tokens, every other one of them unknown. */
static void check_many(void) {
    enum { WORDS = 1000, ROOM = 8 };
    static char made[WORDS][ROOM], asked[MOST][ROOM];
    const char *vocabulary[WORDS], *tokens[MOST];
    for (int i = 0; i < WORDS; i++) snprintf(made[i], ROOM, "w%04d", 2 * i), vocabulary[i] = made[i];
    for (int i = 0; i < MOST; i++) snprintf(asked[i], ROOM, "w%04d", (1999 - 5 * i) % 2000), tokens[i] = asked[i];
    check_one(vocabulary, WORDS, tokens, MOST);
}

void check(void) {
    static const char *const small[] = {",", "a", "tea"};
    static const char *const words[] = {"!",   ",",  "--", "A",  "I",   "a",    "aa",
                                        "cup", "of", "t",  "te", "tea", "teas", "\303\251t\303\251"};
    check_one(small, 3, (const char *const[]){"a", "cup", ",", "tea"}, 4);
    check_one(small, 3, small, 0);
    check_one(small, 0, small, 3);
    check_one(small, 1, (const char *const[]){",", ",,", ""}, 3);
    check_one((const char *const[]){"", "a", "b"}, 3, (const char *const[]){"b", "", "A", "b", "a"}, 5);
    check_long(35), check_long(1301), check_many();
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
