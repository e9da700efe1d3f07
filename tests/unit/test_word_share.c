/* text/word_share: what a word is, and that the one a model stopped in does not count. */
#include "expect.h"
#include "text/word_share.h"

static void expect_share(const char *story, const char *text, int words, int known) {
    WordShare share = word_share(story, text);
    assert_int_equal(share.words, words);
    assert_int_equal(share.known, known);
}

static void words_are_counted(void **state) {
    (void)state;
    expect_share("a cat sat", "a cat, a dog.", 4, 3);
    expect_share("a cat sat", "a cat, a do", 3, 3); /* the last one may be cut */
    expect_share("Caf\xC3\xA9 1900", "Caf\xC3\xA9 Caf 1900 ", 2, 1);
    expect_share("", "one two ", 2, 0);
    expect_share("one", "", 0, 0);
    expect_share("one", "  12 .", 0, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
