/* text/gpt2_split: both splitters (one piece at a time, and 64 bytes at a time) against PCRE2 with GPT-2's own pattern,
 * over every character of Unicode in eight surroundings and over random texts; bytes that are no UTF-8; the cases
 * that people get wrong. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "expect.h"
#include "text/fast/gpt2_split_blocks.h"
#include "text/utf8.h"
#include <pcre2.h>

/* \s of PCRE2 also takes U+180E, which Unicode 6.3 took out of White_Space; separators and six controls are it. */
#define WHITE "\\p{Z}\\t-\\r\\x{85}"
static const char PATTERN[] =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^" WHITE "\\p{L}\\p{N}]+|[" WHITE "]+(?![^" WHITE "])|[" WHITE "]+";

typedef struct {
    pcre2_code *code;
    pcre2_match_data *match;
} Oracle;

static Oracle oracle_new(const char *pattern) {
    int error;
    size_t at;
    Oracle oracle = {
        .code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP, &error, &at, NULL)};
    assert_non_null(oracle.code);
    pcre2_jit_compile(oracle.code, PCRE2_JIT_COMPLETE); /* slower without, where there is none */
    oracle.match = pcre2_match_data_create_from_pattern(oracle.code, NULL);
    return oracle;
}

static void oracle_free(Oracle *oracle) {
    pcre2_match_data_free(oracle->match);
    pcre2_code_free(oracle->code);
}

/* The end of the match that begins at `at`; the text is UTF-8. */
static size_t oracle_next(const Oracle *oracle, const char *text, size_t size, size_t at) {
    int found = pcre2_match(oracle->code, (PCRE2_SPTR)text, size, at, PCRE2_NO_UTF_CHECK, oracle->match, NULL);
    assert_true(found > 0);
    const size_t *where = pcre2_get_ovector_pointer(oracle->match);
    assert_int_equal(where[0], at);
    return where[1];
}

static void differ(const char *who, const char *text, size_t size, size_t at, size_t end, size_t expected) {
    String shown = {0};
    utf8_label(&shown, text + at, size - at < 40 ? size - at : 40, 20);
    wrong("%s: the piece at byte %zu ends at %zu, expected %zu: %s", who, at, end, expected, shown.text);
}

/* All three say the same; without an oracle, both of ours. */
static void expect_pieces(const Oracle *oracle, const char *text, size_t size) {
    Gpt2Blocks blocks = {0};
    uint64_t starts = 0;
    size_t block = 0, next = 0;
    for (size_t at = 0; at < size; at++) {
        if (at == blocks.at) {
            block = at;
            starts = gpt2_block_starts(&blocks, text, size);
        }
        bool start = starts >> (at - block) & 1;
        if (start != (at == next)) differ("64 bytes at a time", text, size, at, start, !start);
        if (at != next) continue;
        next = gpt2_split_next(text, size, at);
        size_t expected = oracle ? oracle_next(oracle, text, size, at) : next;
        if (next != expected || next <= at || next > size) differ("one at a time", text, size, at, next, expected);
    }
    assert_true(size == 0 || next == size);
}

static void expect_text(const Oracle *oracle, const char *text, size_t size) {
    char *exact = memory_new(size, 1, "a text"); /* a sanitizer sees the first byte past its end */
    if (size) memcpy(exact, text, size);
    expect_pieces(oracle, exact, size);
    memory_free(exact);
}

/* PCRE2 10.42 knows Unicode 14; what came with 15 it calls unassigned, and there only we are asked. */
static void test_every_character(void **state) {
    (void)state;
    static const char *const around[][2] = {{"a", "b"},   {" ", "1"},  {"  ", "!"},     {"1", " "},
                                            {"\n", "\n"}, {"!'", "s"}, {"\u3000", "x"}, {"x \t", ""}};
    Oracle oracle = oracle_new(PATTERN), unassigned = oracle_new("\\p{Cn}");
    int newer = 0, known = 0;
    String texts[8] = {0};
    for (int32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        char bytes[4];
        size_t size = (size_t)utf8_encode(c, bytes);
        int length;
        bool is_new = gpt2_class(bytes, size, &length) != CLASS_OTHER &&
                      pcre2_match(unassigned.code, (PCRE2_SPTR)bytes, size, 0, 0, unassigned.match, NULL) > 0;
        newer += is_new, known += !is_new;
        for (int i = 0; i < 8 && !is_new; i++) {
            string_add(&texts[i], "%s", around[i][0]);
            string_add_bytes(&texts[i], bytes, size);
            string_add(&texts[i], "%s", around[i][1]);
        }
    }
    for (int i = 0; i < 8; i++) {
        expect_text(&oracle, texts[i].text, texts[i].length);
        string_free(&texts[i]);
    }
    print_message("%d characters agree with PCRE2, %d are newer than it\n", known, newer);
    assert_true(newer < 10000 && known > 1100000);
    oracle_free(&oracle);
    oracle_free(&unassigned);
}

static const char *const parts[] = {
    "a",      "the",    "'",          "s",      "t",          "re",     "ve",     "ll",     "d",      "m",
    "'s",     "'LL",    " ",          "  ",     "\n",         "\r\n",   "\t",     "1",      "2026",   "!",
    "--",     "\u00e9", "e\u0301",    "\u00a0", "\xc2\x85",   "\u3000", "\u180e", "\u200b", "\u2003", "\u6728",
    "\u0663", "\u00bd", "\U0001F600", "\u200d", "\U00020000", "_",      "\f",     "\v",     "\u2028", "\x1c"};

static void test_random_texts(void **state) {
    (void)state;
    Oracle oracle = oracle_new(PATTERN);
    Rng rng = test_rng(11);
    String text = {0};
    for (int round = 0; round < 30000; round++) {
        text.length = 0;
        for (size_t n = random_below(&rng, 90); n > 0; n--)
            string_add(&text, "%s", parts[random_below(&rng, sizeof parts / sizeof *parts)]);
        if (text.length) expect_text(&oracle, text.text, text.length);
    }
    string_free(&text);
    oracle_free(&oracle);
}

static void test_any_bytes(void **state) {
    (void)state;
    static const char *const broken[] = {"\xff",         "\x80",         "\xc3",    "\xe2\x80",
                                         "\xf0\x9f\x98", "\xed\xa0\x80", "\xc0\x80"};
    Rng rng = test_rng(12);
    String text = {0};
    for (int round = 0; round < 30000; round++) {
        text.length = 0;
        for (size_t n = random_below(&rng, 90); n > 0; n--) {
            if (random_below(&rng, 2)) string_add(&text, "%s", parts[random_below(&rng, sizeof parts / sizeof *parts)]);
            else if (random_below(&rng, 2)) string_add(&text, "%s", broken[random_below(&rng, 7)]);
            else string_add_bytes(&text, &(char){(char)random_below(&rng, 256)}, 1);
        }
        if (text.length) expect_text(NULL, text.text, text.length);
    }
    string_free(&text);
}

/* `pieces` with '|' between them; no oracle but the reader. */
static void expect_split(const char *pieces) {
    char text[200], starts[200] = {0};
    size_t size = 0;
    for (const char *c = pieces; *c; c++) {
        if (*c == '|') starts[size] = 1;
        else text[size++] = *c;
    }
    for (size_t at = 0, end; at < size; at = end) {
        end = gpt2_split_next(text, size, at);
        for (size_t i = at + 1; i < end; i++)
            if (starts[i]) differ(pieces, text, size, at, end, i);
        if (end < size && !starts[end]) differ(pieces, text, size, at, end, end + 1);
    }
    expect_text(NULL, text, size);
}

static void test_known_cases(void **state) {
    (void)state;
    expect_split("Hello|,| do| you");
    expect_split("  | Hello");
    expect_split("a|  | b|  ");
    expect_split("\n|\n|foo|\n\n");
    expect_split("don|'t|x");
    expect_split("DON|'|T");
    expect_split("we|'re|we|'ve|I|'ll|I|'d|I|'m|it|'s");
    expect_split("x| '|s");
    expect_split("''|s");
    expect_split("'s|'s");
    expect_split("1234567890|abc");
    expect_split(" 12|ab| _-");
    expect_split("e|\u0301|x");          /* a combining mark is no letter */
    expect_split("a|\u00a0|b|\u3000|c"); /* spaces, but not the one that joins */
    expect_split("a|\u180e|b");          /* no space any more */
    expect_split("a|\xc2\x85|b");
    expect_split("a|\t|b|\r|c|\u2029|d"); /* spaces at the ends of their ranges */
    expect_split("A\u01c5\u6728|1\u00bd|!");
    expect_split("\u6728\u6728| \u6728");
    expect_split("a|\xff\xfe|b| \xff");
    expect_split("a|\U0001F468\u200D\U0001F469|b");
}

/* Of a text that ends in the middle of 're, of a word or of a character, nothing beyond its end counts. */
static void test_nothing_behind_the_end(void **state) {
    (void)state;
    assert_int_equal(gpt2_split_next("x're", 4, 1), 4);
    assert_int_equal(gpt2_split_next("x're", 3, 1), 2);
    assert_int_equal(gpt2_split_next("x's", 2, 1), 2);
    assert_int_equal(gpt2_split_next("xy", 1, 0), 1);
    assert_int_equal(gpt2_split_next("x\u00e9", 2, 0), 1); /* half of a letter is none */
    assert_int_equal(gpt2_split_next(" \u00e9", 2, 0), 2);
    assert_int_equal(gpt2_split_next("\n\n\u3000", 4, 0), 1); /* and two thirds of a space are none */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_behind_the_end), cmocka_unit_test(test_known_cases),
        cmocka_unit_test(test_random_texts),           cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_every_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
