/* What text/bert_characters and bert_normalizer make of all of Unicode, against the fast tokenizer
 * (tests/fixtures/wordpiece). */
#include "expect.h"
#include "text/bert_characters.h"
#include "text/bert_normalizer.h"
#include "text/utf8.h"

#define FIXTURES "tests/fixtures/wordpiece/"
enum { CHARACTERS = 0x110000 };
enum { REMOVED = 1, SPACE = 2, CHINESE = 4, ACCENT = 8, PUNCTUATION = 16, MARK = 32 };

static int class_bit(const char *name) {
    static const char *const names[] = {"removed", "space", "chinese", "accent", "punctuation", "mark"};
    for (int i = 0; i < 6; i++)
        if (strcmp(name, names[i]) == 0) return 1 << i;
    wrong("code_points.tsv has a class %s", name);
    return 0;
}

static unsigned char *read_classes(void) {
    unsigned char *classes = memory_new(CHARACTERS, 1, "a test");
    Bytes file = file_read(FIXTURES "code_points.tsv");
    char name[32], *line = strchr(file.data, '\n');
    for (unsigned first, last; line && sscanf(line, "%31s %x %x", name, &first, &last) == 3;
         line = strchr(line + 1, '\n'))
        for (unsigned c = first; c <= last && c < CHARACTERS; c++) classes[c] |= (unsigned char)class_bit(name);
    bytes_free(&file);
    return classes;
}

static void test_classes(void **state) {
    (void)state;
    unsigned char *classes = read_classes();
    int seen = 0;
    for (int32_t c = 0; c < CHARACTERS; c++) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        int32_t parts[4];
        int count = bert_decompose(c, parts), marks = 0;
        for (int i = 0; i < count; i++) marks += bert_is_mark(parts[i]);
        int ours = bert_is_control(c) * REMOVED | bert_is_space(c) * SPACE | bert_is_cjk(c) * CHINESE |
                   (marks == count) * ACCENT | bert_is_punctuation(c) * PUNCTUATION | bert_is_any_mark(c) * MARK;
        if (ours != classes[c]) wrong("U+%04X has the classes %d, expected %d", (unsigned)c, ours, classes[c]);
        seen |= ours;
    }
    assert_int_equal(seen, 63);
    memory_free(classes);
}

static void append_letter(void *context, Letter letter) {
    string_add(context, "%s%X", ((String *)context)->length ? " " : "", (unsigned)letter.character);
}

/* U+030A and U+0301 have the same combining class: they stay as they came, behind those of lower classes. */
static void test_canonical_order(void **state) {
    (void)state;
    static const int32_t text[] = {'A', 0x30A, 0x327, 0x301, 0x323, 'b', 0x301, 0x30A, 0x327};
    String out = {0};
    Normalizer normalizer = {.rules = {.take_apart = true}, .emit = append_letter, .context = &out};
    for (int i = 0; i < 9; i++) normalizer_feed(&normalizer, (Letter){text[i], i, i + 1});
    normalizer_end(&normalizer);
    assert_string_equal(out.text, "41 327 323 30A 301 62 327 301 30A");
    normalizer_free(&normalizer);
    string_free(&out);
}

static void normalise(String *out, int32_t character) {
    Normalizer normalizer = {
        .rules = {.strip_accents = true, .lower_case = true}, .emit = append_letter, .context = out};
    out->length = 0;
    string_add_bytes(out, "", 0);
    normalizer_feed(&normalizer, (Letter){character, 0, 1});
    normalizer_end(&normalizer);
    normalizer_free(&normalizer);
}

/* normalized.tsv has every character that changes, but not what has no letter left, nor the Hangul syllables. */
static void test_normalised(void **state) {
    (void)state;
    unsigned char *classes = read_classes();
    Bytes file = file_read(FIXTURES "normalized.tsv");
    char *line = strchr(file.data, '\n') + 1;
    String ours = {0};
    for (int32_t c = 0; c < CHARACTERS; c++) {
        if ((c >= 0xD800 && c <= 0xDFFF) || (c >= 0xAC00 && c <= 0xD7A3) || classes[c] & (REMOVED | SPACE | ACCENT))
            continue;
        char expected[64];
        snprintf(expected, sizeof expected, "%X", (unsigned)c);
        if (strtol(line, NULL, 16) == c) {
            char *value = strchr(line, '\t') + 1, *end = strchr(value, '\n');
            snprintf(expected, sizeof expected, "%.*s", (int)(end - value), value);
            line = end + 1;
        }
        normalise(&ours, c);
        if (strcmp(ours.text, expected) != 0) wrong("U+%04X becomes %s, expected %s", (unsigned)c, ours.text, expected);
    }
    assert_int_equal(*line, '\0');
    normalise(&ours, 0xD55C); /* a syllable: its three letters */
    assert_string_equal(ours.text, "1112 1161 11AB");
    normalise(&ours, 0xAC00);
    assert_string_equal(ours.text, "1100 1161");
    string_free(&ours);
    bytes_free(&file);
    memory_free(classes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical_order),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_normalised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
