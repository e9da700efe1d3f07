/* 02.2: tokens joined, against a text that is built with every space first and then loses those before a mark. */
#include "judge.h"
#include "base/memory.h"
#include <string.h>

static void check_one(const char *const *tokens, int n) {
    String all = {0}, expected = {0};
    string_add(&all, "%s", ""), string_add(&expected, "%s", "");
    for (int i = 0; i < n; i++) string_add(&all, "%s%s", i ? " " : "", tokens[i]);
    for (size_t i = 0; i < all.length; i++)
        if (!(all.text[i] == ' ' && i + 1 < all.length && strchr(",.:;?!\"()'", all.text[i + 1])))
            string_add_bytes(&expected, all.text + i, 1);
    input("n = %d", n);
    input_texts("tokens", tokens, n);
    give_texts(tokens, n);
    ask();
    size_t size;
    const char *got = got_text(&size);
    check_bytes("the text", got, size, expected.text, expected.length);
    string_free(&all), string_free(&expected);
}

void check(void) {
    static const char *const words[] = {"Is", "it", "?", "\"", "No", ",", "--", "(",      ")",
                                        "'",  "s",  ":", ";",  ".",  "!", "_",  "<|unk|>"};
    /* A mark in front, a mark elsewhere, signs that are no marks, and nothing at all. */
    static const char *const others[] = {"...", "'s", "?!", "(a)", "a.", "Mr.", "a-b", "--", "-", "[",        "]", "{",
                                         "#5",  "*",  "/",  "\\n", "&",  "%",   "`",   "~",  "",  "\303\251", "I", "7"};
    enum { WORDS = sizeof words / sizeof *words, OTHERS = sizeof others / sizeof *others, LONG = 100, MANY = 2103 };
    check_one(words, 6);
    check_one(words + 2, 1);
    check_one(words, 1);
    check_one(words, 0);
    check_one(words, 17);
    check_one((const char *const[]){"a", "", "b", "", ",", ""}, 6);
    check_one((const char *const[]){"", "b"}, 2);
    check_one(others, OTHERS);
    Rng rng = check_rng();
    for (int round = 0; round < 500; round++) {
        const char *tokens[40];
        int n = (int)(rng_bits(&rng) % 40);
        for (int i = 0; i < n; i++) tokens[i] = words[rng_bits(&rng) % 17];
        check_one(tokens, n);
    }
    for (int round = 0; round < 100; round++) {
        const char *tokens[40];
        int n = (int)(rng_bits(&rng) % 40);
        for (int i = 0; i < n; i++) tokens[i] = (i % 2 ? words : others)[rng_bits(&rng) % (i % 2 ? WORDS : OTHERS)];
        check_one(tokens, n);
    }
    const char *many[LONG];
    for (int i = 0; i < LONG; i++)
        many[i] = i % 3 ? "a_word_that_is_as_long_as_a_whole_line_of_an_old_typewriter_was_wide" : words[i % WORDS];
    check_one(many, LONG);
    const char *short_ones[MANY];
    for (int i = 0; i < MANY; i++) short_ones[i] = words[i % WORDS];
    check_one(short_ones, MANY);
    static char huge[1500]; /* and 66 of it are more than 65,536 */
    memset(huge, 'h', sizeof huge - 1);
    for (int i = 0; i < LONG; i++) many[i] = i % 3 ? huge : words[i % WORDS];
    check_one(many, LONG);
}
