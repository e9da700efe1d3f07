/* text/sentences: where a person would end a sentence, by hand; and any bytes at all. */
#include "expect.h"
#include "text/sentences.h"

/* The sentences of a text, each in bars. */
static void assert_cut(const char *text, bool lines, const char *expected) {
    String got = {0};
    string_add(&got, "|");
    for (Sentence at = {0}; sentence_next(text, strlen(text), lines, &at);)
        string_add(&got, "%.*s|", (int)(at.end - at.first), text + at.first);
    if (strcmp(got.text, expected) != 0) wrong("%s\n got      %s\n expected %s", text, got.text, expected);
    string_free(&got);
}

static void ends_of_sentences(void **state) {
    (void)state;
    assert_cut("One. Two! Three? Four", false, "|One.|Two!|Three?|Four|");
    assert_cut("\"Why?\" she asked. \"No.\" He left.", false, "|\"Why?\" she asked.|\"No.\"|He left.|");
    assert_cut("Wait... what? (Yes.) 64 lamps.", false, "|Wait... what?|(Yes.)|64 lamps.|");
    assert_cut("Wait\xE2\x80\xA6 No\xE2\x80\xA6 no.", false, "|Wait\xE2\x80\xA6|No\xE2\x80\xA6 no.|");
    assert_cut("He said: \xE2\x80\x9CGo.\xE2\x80\x9D \xC3\x89mile went.", false,
               "|He said: \xE2\x80\x9CGo.\xE2\x80\x9D|\xC3\x89mile went.|");
    assert_cut("He went. \xC3\xA9mile too.", false, "|He went. \xC3\xA9mile too.|"); /* a small letter goes on */
    assert_cut("\xE7\x81\xAF\xE3\x80\x82\xE6\xB5\xB7\xE3\x80\x82", false,
               "|\xE7\x81\xAF\xE3\x80\x82|\xE6\xB5\xB7\xE3\x80\x82|"); /* no space needed */
}

static void points_that_end_nothing(void **state) {
    (void)state;
    assert_cut("Mr. Smith and Dr. No met R. L. Stevenson. It was I. He left.", false,
               "|Mr. Smith and Dr. No met R. L. Stevenson.|It was I.|He left.|");
    assert_cut("1. The lamp\n\nIt costs 3.50 now. In 1984. Then", false,
               "|1. The lamp|It costs 3.50 now.|In 1984.|Then|");
    assert_cut("The U.S. Army. e.g. this", false, "|The U.S. Army. e.g. this|"); /* small: it goes on */
}

static void lines_and_empty_lines(void **state) {
    (void)state;
    assert_cut("A title\n\nA line that\ngoes on. \r\n \r\nEnd", false, "|A title|A line that\ngoes on.|End|");
    assert_cut("One. Two.\n\n  three \r\nfour", true, "|One. Two.|three|four|");
    assert_cut("", false, "|");
    assert_cut(" \n\t ", true, "|");
    assert_cut("...", false, "|...|");
}

/* Sentences of any bytes stand in order, trimmed and not empty, and lose nothing but white space. */
static void any_bytes(void **state) {
    (void)state;
    Rng rng = test_rng(19);
    static const char some[] = ". !?\n\"a A1\xE2\x80\x9D\xA6\xFF";
    char text[60];
    for (int trial = 0; trial < 20000; trial++) {
        size_t size = random_below(&rng, sizeof text), before = 0;
        for (size_t i = 0; i < size; i++)
            text[i] = trial % 2 ? (char)random_below(&rng, 256) : some[random_below(&rng, sizeof some)];
        for (Sentence at = {0}; sentence_next(text, size, trial % 3 == 0, &at); before = at.end) {
            assert_true(at.first >= before && at.end > at.first && at.end <= size);
            assert_true((unsigned char)text[at.first] > ' ' && (unsigned char)text[at.end - 1] > ' ');
            for (size_t i = before; i < at.first; i++) assert_true((unsigned char)text[i] <= ' ' || text[i] == 0x7F);
        }
        for (size_t i = before; i < size; i++) assert_true((unsigned char)text[i] <= ' ' || text[i] == 0x7F);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_of_sentences), cmocka_unit_test(points_that_end_nothing),
                                       cmocka_unit_test(lines_and_empty_lines), cmocka_unit_test(any_bytes)};
    return cmocka_run_group_tests_name("text/sentences", tests, NULL, NULL);
}
