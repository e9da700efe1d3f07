/* text/scan against jansson: on every text the same verdict, and the same content when it is accepted. */
#include "expect.h"
#include "text/scan.h"
#include <jansson.h>

typedef struct {
    const char *text;
    size_t size;
} Source;

static void scan_all(void *context) {
    const Source *source = context;
    Scan scan = scan_begin("f", (const unsigned char *)source->text, source->size);
    scan_skip(&scan);
    memory_free(scan_end(&scan));
}

/* Reads one value and compares it with jansson's tree of the same text. */
static void compare(Scan *scan, const json_t *theirs) {
    size_t count = 0;
    char first = scan_peek(scan);
    if (first == '{') {
        assert_true(json_is_object(theirs));
        for (ScanObject object = scan_object(scan); scan_key(scan, &object); count++) {
            const json_t *value = json_object_get(theirs, object.key);
            assert_non_null(value);
            compare(scan, value);
            assert_non_null(json_object_get(theirs, object.key)); /* the key is still there after its value */
        }
        assert_int_equal(count, json_object_size(theirs));
    } else if (first == '[') {
        assert_true(json_is_array(theirs));
        for (ScanArray array = scan_array(scan); scan_item(scan, &array); count++)
            compare(scan, json_array_get(theirs, count));
        assert_int_equal(count, json_array_size(theirs));
    } else if (first == '"') {
        assert_string_equal(scan_text(scan), json_string_value(theirs));
    } else {
        ScanValue value = scan_skip(scan);
        char text[400];
        assert_true(value.length < sizeof text);
        snprintf(text, sizeof text, "%.*s", (int)value.length, value.text);
        if (json_is_integer(theirs)) assert_true(strtoll(text, NULL, 10) == json_integer_value(theirs));
        else if (json_is_real(theirs)) assert_true(strtod(text, NULL) == json_real_value(theirs));
        else assert_string_equal(text, json_is_true(theirs) ? "true" : json_is_false(theirs) ? "false" : "null");
    }
}

static int accepted; /* of all texts so far: a generator that makes only wrong ones proves nothing */

/* jansson wants an array or an object at the top: so must `text` begin. */
static void expect_same_verdict(const char *text, size_t size) {
    Error error;
    json_error_t theirs;
    Source source = {text, size};
    bool refused = error_catch(&error, scan_all, &source);
    json_t *tree = json_loadb(text, size, JSON_REJECT_DUPLICATES, &theirs);
    if (refused != !tree)
        wrong("%.*s: %s, but jansson says %s", (int)(size < 1000 ? size : 1000), text,
              refused ? error.message : "accepted", tree ? "valid" : theirs.text);
    if (refused) {
        assert_int_equal(error.code, EXIT_DATA);
        assert_memory_equal(error.message, "f:", 2);
    } else {
        accepted++;
        Scan scan = scan_begin("f", (const unsigned char *)text, size);
        compare(&scan, tree);
        memory_free(scan_end(&scan));
    }
    json_decref(tree);
}

/* Every word of up to `most` letters, between `before` and `after`. */
static void try_all_words(const char *letters, int most, const char *before, const char *after) {
    size_t base = strlen(letters), words = 1;
    char text[64];
    for (int length = 0; length <= most; length++, words *= base) {
        for (size_t word = 0; word < words; word++) {
            size_t at = (size_t)snprintf(text, sizeof text, "%s", before), rest = word;
            for (int i = 0; i < length; i++, rest /= base) text[at++] = letters[rest % base];
            memcpy(text + at, after, strlen(after));
            expect_same_verdict(text, at + strlen(after));
        }
    }
}

static void test_all_short_numbers(void **state) {
    (void)state;
    accepted = 0;
    try_all_words("019-+.eE", 5, "[", "]");
    assert_true(accepted > 1000);
}

static void test_all_short_structures(void **state) {
    (void)state;
    accepted = 0;
    try_all_words("{}[],: 1", 5, "[", "]");
    try_all_words("{},:a\" ", 5, "{\"a\":", "}"); /* the key a may come again */
    assert_true(accepted > 200);
}

static void test_all_short_escapes(void **state) {
    (void)state;
    accepted = 0;
    try_all_words("\\u0ab\"/n", 5, "[\"", "\"]");
    try_all_words("08dD9", 4, "[\"\\u", "\"]");
    try_all_words("08dcDfF", 4, "[\"\\uD83d\\u", "\"]");
    try_all_words("08dcDfF", 4, "{\"\\u", "\":1}");
    assert_true(accepted > 2000);
}

static void test_all_short_utf8(void **state) {
    (void)state;
    accepted = 0;
    try_all_words("a\x1f\x7f\x80\x8f\x90\x9f\xa0\xbf\xc1\xc2\xdf\xe0\xed\xef\xf0\xf4\xf5", 4, "[\"", "\"]");
    assert_true(accepted > 200);
}

static void test_all_short_words(void **state) {
    (void)state;
    accepted = 0;
    const char *words[] = {"true",
                           "false",
                           "null",
                           "tru",
                           "True",
                           "nul",
                           "nulll",
                           "truefalse",
                           "true1",
                           "NaN",
                           "Infinity",
                           "-Infinity",
                           "'a'",
                           "undefined",
                           "",
                           "0x1",
                           "//",
                           "/* */1",
                           "1/**/",
                           "\f1",
                           "\v1",
                           "\xEF\xBB\xBF"
                           "1",
                           "\xC2\xA0"
                           "1",
                           "1,\n\t\r 2"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char text[64];
        expect_same_verdict(text, (size_t)snprintf(text, sizeof text, "[%s]", words[i]));
        expect_same_verdict(text, (size_t)snprintf(text, sizeof text, "{\"a\":%s}", words[i]));
        expect_same_verdict(text, (size_t)snprintf(text, sizeof text, "[]%s", words[i]));
        expect_same_verdict(text, (size_t)snprintf(text, sizeof text, "{%s}", words[i]));
    }
    expect_same_verdict("[\0]", 3);
    expect_same_verdict("[]\0", 3);
    expect_same_verdict("[\"a\0b\"]", 7);
    assert_true(accepted > 5);
}

static void test_large_numbers(void **state) {
    (void)state;
    const char *numbers[] = {"9223372036854775807",
                             "9223372036854775808",
                             "-9223372036854775808",
                             "-9223372036854775809",
                             "18446744073709551615",
                             "1e308",
                             "1e309",
                             "-1e309",
                             "1e-400",
                             "0e999999999",
                             "1e99999999999999999999",
                             "123456789012345678901234567890.5",
                             "0.000000000000000000000000000000000001"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[64];
        expect_same_verdict(text, (size_t)snprintf(text, sizeof text, "[%s]", numbers[i]));
    }
}

static void test_depth(void **state) {
    (void)state;
    char *text = memory_new(2 * 2100 + 8, 1, "a test");
    for (size_t depth = 2040; depth < 2056; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        expect_same_verdict(text, 2 * depth);
        text[depth] = '1';
        memset(text + depth + 1, ']', depth);
        expect_same_verdict(text, 2 * depth + 1);
        memcpy(text + depth, "{}", 2);
        memset(text + depth + 2, ']', depth);
        expect_same_verdict(text, 2 * depth + 2);
    }
    memory_free(text);
}

/* ---- random texts ---- */

static const char *const PIECES[] = {"{",
                                     "}",
                                     "[",
                                     "]",
                                     ",",
                                     ":",
                                     "\"",
                                     "\"a\":",
                                     "\"b\":",
                                     "\"\\u0061\":",
                                     "1",
                                     "-2.5e3",
                                     "true",
                                     "null",
                                     "\"x\"",
                                     "\"\\\"\\\\\"",
                                     "\"\xC3\xA9\"",
                                     " ",
                                     "\n",
                                     "{\"a\":1}",
                                     "[1,2]",
                                     "\\",
                                     "0"};

static void add_random_value(String *out, Rng *rng, int depth) {
    static const char *const leaves[] = {"0",
                                         "-1",
                                         "12.5",
                                         "1e5",
                                         "true",
                                         "false",
                                         "null",
                                         "\"\"",
                                         "\"\\u00e9\\n\"",
                                         "\"\xF0\x9F\x98\x80\"",
                                         "\"\\ud83d\\ude00\"",
                                         "9223372036854775807"};
    size_t kind = random_below(rng, depth > 4 ? 1 : 3), n = random_below(rng, 5);
    if (kind == 0) {
        string_add(out, "%s", leaves[random_below(rng, sizeof leaves / sizeof *leaves)]);
        return;
    }
    string_add(out, kind == 1 ? "[" : "{");
    for (size_t i = 0; i < n; i++) {
        if (i) string_add(out, random_below(rng, 3) ? "," : " ,\r\n\t");
        /* now and then a key twice, once written as an escape */
        if (kind == 2)
            string_add(out, random_below(rng, 9) ? "\"k%zu\":" : "\"\\u006b%zu\": ", random_below(rng, 9) ? i : 0);
        add_random_value(out, rng, depth + 1);
    }
    string_add(out, kind == 1 ? "]" : "}");
}

static void test_random_texts(void **state) {
    (void)state;
    Rng rng = test_rng(1);
    accepted = 0;
    for (int round = 0; round < 20000; round++) {
        String text = {0};
        string_add(&text, "[");
        add_random_value(&text, &rng, 0);
        string_add(&text, "]");
        for (size_t changes = random_below(&rng, 3); changes > 0; changes--) {
            size_t at = 1 + random_below(&rng, text.length - 1);
            const char *piece = PIECES[random_below(&rng, sizeof PIECES / sizeof *PIECES)];
            String changed = {0};
            string_add_bytes(&changed, text.text, at);
            string_add(&changed, "%s", piece);
            size_t skip = random_below(&rng, 3);
            if (at + skip < text.length) string_add_bytes(&changed, text.text + at + skip, text.length - at - skip);
            string_free(&text);
            text = changed;
        }
        /* a copy of exactly this size, so that a sanitizer sees a byte read too far */
        char *exact = memory_new(text.length, 1, "a test");
        memcpy(exact, text.text, text.length);
        expect_same_verdict(exact, text.length);
        memory_free(exact);
        string_free(&text);
    }
    print_message("%d of 20000 accepted\n", accepted);
    assert_in_range(accepted, 5000, 15000);
}

/* ---- messages ---- */

static void expect_message(const char *text, const char *says) {
    Source source = {text, strlen(text)};
    expect_failure(EXIT_DATA, says, scan_all, &source);
}

static void test_messages(void **state) {
    (void)state;
    expect_message("", "f:1:1: not valid JSON: expected a value, got the end of the text. Try: ");
    expect_message("  x", "f:1:3: not valid JSON: expected a value, got 'x'");
    expect_message("{\"a\": 1,\n  \"b\" 2}", "f:2:7: not valid JSON: expected ':', got '2'");
    expect_message("[1\n\n 2]", "f:3:2: not valid JSON: expected ',', got '2'");
    expect_message("[\"\xC3\xA9\xE6\x9C\xA8\", x]", "f:1:8: "); /* characters, not bytes */
    expect_message("[\"abc", "f:1:2: not valid JSON: a text without its closing quote");
    expect_message("[\"a\nb\"]", "f:1:4: not valid JSON: control byte 0x0a in a text");
    expect_message("[\"a\xff\"]", "f:1:4: not valid UTF-8: byte 0xff");
    expect_message("[\"\\q\"]", "f:1:4: not valid JSON: a backslash before 'q'");
    expect_message("[\"\\u12g4\"]", "f:1:5: not valid JSON: \\u needs four hexadecimal digits");
    expect_message("[\"\\ud800\"]", "f:1:5: not valid JSON: \\uD800 is one half of a character");
    expect_message("[\"\\u0000\"]", "f:1:5: a text holds \\u0000");
    expect_message("[01]", "f:1:2: not valid JSON: a number with a leading zero");
    expect_message("[1.]", "f:1:4: not valid JSON: expected a digit, got ']'");
    expect_message("[1e999]", "f:1:2: the number 1e999 does not fit");
    expect_message("[9223372036854775808]", "f:1:2: the number 9223372036854775808 does not fit 64 bits");
    expect_message("[tru]", "f:1:2: not valid JSON: expected true");
    expect_message("[] []", "f:1:4: expected the end of the JSON text, got '['");
    expect_message("{\"a\": {\"x\": 1,\n\"\\u0078\": 2}}", "f:2:1: the key \"x\" appears twice");
    expect_message("{\"b\": 1, \"a\": 1, \"b\": 1}", "f:1:18: the key \"b\" appears twice");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_short_numbers),
        cmocka_unit_test(test_all_short_structures),
        cmocka_unit_test(test_all_short_escapes),
        cmocka_unit_test(test_all_short_utf8),
        cmocka_unit_test(test_all_short_words),
        cmocka_unit_test(test_large_numbers),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
