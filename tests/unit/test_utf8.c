/* text/utf8: every character there and back, each wrong sequence refused (utf8proc is the judge), widths and labels. */
#include "expect.h"
#include "text/utf8.h"
#include <utf8proc.h>

static void test_every_character(void **state) {
    (void)state;
    for (int32_t character = 0; character < 0x110000; character++) {
        char bytes[4];
        int length, written = utf8_encode(character, bytes);
        int32_t read = utf8_decode(bytes, (size_t)written, &length);
        if (character >= 0xD800 && character <= 0xDFFF) {
            assert_int_equal(read, -1);
            assert_int_equal(length, 1);
        } else {
            unsigned char theirs[4];
            assert_int_equal(written, utf8proc_encode_char(character, theirs));
            assert_memory_equal(bytes, theirs, (size_t)written);
            assert_int_equal(read, character);
            assert_int_equal(length, written);
        }
    }
}

/* All sequences of four bytes from those where something changes, cut to 1 to 4 bytes. */
static void test_wrong_sequences(void **state) {
    (void)state;
    static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2,
                                          0xDF, 0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
    const size_t n = sizeof edges;
    for (size_t i = 0; i < n * n * n * n; i++) {
        char bytes[4] = {(char)edges[i / (n * n * n)], (char)edges[i / (n * n) % n], (char)edges[i / n % n],
                         (char)edges[i % n]};
        for (size_t size = 1; size <= 4; size++) {
            int length;
            int32_t ours = utf8_decode(bytes, size, &length), theirs;
            utf8proc_ssize_t taken = utf8proc_iterate((const unsigned char *)bytes, (utf8proc_ssize_t)size, &theirs);
            if (ours != theirs || length != (taken < 1 ? 1 : taken))
                wrong("%02x %02x %02x %02x, size %zu: %d in %d bytes, utf8proc says %d in %td", bytes[0] & 255,
                      bytes[1] & 255, bytes[2] & 255, bytes[3] & 255, size, ours, length, theirs, taken);
        }
    }
}

static void test_first_invalid(void **state) {
    (void)state;
    char text[40];
    for (size_t at = 0; at < sizeof text; at++) {
        memset(text, 'a', sizeof text);
        assert_int_equal(utf8_first_invalid(text, sizeof text), sizeof text);
        text[at] = (char)0xFF;
        assert_int_equal(utf8_first_invalid(text, sizeof text), at);
        assert_int_equal(utf8_first_invalid(text, at), at); /* what comes later does not count */
    }
    assert_int_equal(utf8_first_invalid("\u00e9\u6728x\xC3", 7), 6);      /* cut in its middle */
    assert_int_equal(utf8_first_invalid("\U0001f600\xED\xA0\x80", 7), 4); /* a surrogate */
    assert_int_equal(utf8_first_invalid("x\u20ac", 3), 1);                /* its last byte is there, behind the end */
    assert_int_equal(utf8_first_invalid("\0\u00e9", 3), 3);               /* U+0000 is a character */
    assert_int_equal(utf8_first_invalid("", 0), 0);
}

/* Memory that ends where the text does: under a sanitizer, a byte too far is seen. */
static void test_no_byte_behind(void **state) {
    (void)state;
    const char *const texts[] = {"\u00e9abc", "abc\u00e9", "\u00e9\u00e9", "x\u20ac"};
    const size_t characters[] = {4, 4, 2, 3};
    for (int i = 0; i < 4; i++) {
        size_t size = strlen(texts[i]) - (i == 3); /* the last one is cut in its middle */
        char *text = memory_new(size, 1, "a text");
        memcpy(text, texts[i], size);
        assert_int_equal(utf8_first_invalid(text, size), i == 3 ? 1 : size);
        assert_int_equal(utf8_count(text, size), characters[i]);
        memory_free(text);
    }
}

static void test_count_and_width(void **state) {
    (void)state;
    assert_int_equal(utf8_count("", 0), 0);
    assert_int_equal(utf8_count("a\u00e9\u6728\U0001f600", 10), 4);
    assert_int_equal(utf8_count("a\xFF\xFE\x80z", 5), 5);
    assert_int_equal(utf8_count("x\u20ac", 3), 3); /* its last byte is there, behind the end */
    assert_int_equal(utf8_width("cat"), 3);
    assert_int_equal(utf8_width("\u200f##\u05dc\u200e"), 3);
    assert_int_equal(utf8_width("\u6728\u6c34"), 4);
    assert_int_equal(utf8_width("e\u0301"), 1);
    assert_int_equal(utf8_width("a\xFFz"), 3);
}

static void expect_label(const char *text, size_t size, int most, const char *label) {
    String out = {0};
    char *shown = utf8_shown(text, size, most);
    utf8_label(&out, text, size, most);
    assert_string_equal(out.text, label);
    assert_string_equal(shown, label);
    string_free(&out), memory_free(shown);
}

static void test_label(void **state) {
    (void)state;
    expect_label("", 0, 9, "");
    expect_label("cat", 3, 3, "cat");
    expect_label("cats", 4, 3, "ca\u2026");
    expect_label("cats", 4, 1, "\u2026");
    expect_label("\u6728\u6c34\u4eba", 9, 2, "\u6728\u2026");
    expect_label("a\nb\tc", 5, 9, "a\u23ceb\u2409c");
    expect_label("a\0\x1b[31m\x7f", 8, 99, "a\\x00\\x1b[31m\\x7f");
    expect_label("\xC2\x85\xC2\x9F", 4, 9, "\\x85\\x9f");
    expect_label("a\u2028b\u2029", 8, 9, "a\u23ceb\u23ce");
    expect_label("a\u202eb\u2067", 8, 9, "a\\u202eb\\u2067");
    expect_label("a\xFF\xE6\x9Cz", 5, 9, "a\ufffd\ufffd\ufffdz");
    expect_label("\uffff\ufffe", 6, 9, "\ufffd\ufffd");
    expect_label("`$(x)`\"'{a}_b]]>", 16, 99, "`$(x)`\"'{a}_b]]>"); /* quoting is the drawer's business */
    String out = {0};
    string_add(&out, "before ");
    utf8_label(&out, "x", 1, 5);
    assert_string_equal(out.text, "before x"); /* it appends */
    string_free(&out);
}

static void expect_drawn(const char *text, int most, const char *drawn) {
    char *out = utf8_drawn(text, strlen(text), most);
    assert_string_equal(out, drawn);
    memory_free(out);
}

/* Hebrew and Arabic pieces stand between U+200F and U+200E, with the marks on their letters; nothing else does. */
static void test_drawn(void **state) {
    (void)state;
    expect_drawn("##\u05dc", 9, "\u200f##\u05dc\u200e");
    expect_drawn("##\u05dc\u05b8\u05dd!", 9, "\u200f##\u05dc\u05b8\u05dd\u200e!");
    expect_drawn("##\u0627 -> ##\u05dc, \u05dc", 99, "\u200f##\u0627\u200e -> \u200f##\u05dc\u200e, \u05dc\u200e");
    expect_drawn("\u05e9\u05dc \u05d0\u05d1", 99, "\u05e9\u05dc \u05d0\u05d1\u200e"); /* words keep their order */
    expect_drawn("\u05e9\u05dc a", 99, "\u05e9\u05dc a");
    expect_drawn("##ing ##\u00e9 ##\u6728 ## ##3", 99, "##ing ##\u00e9 ##\u6728 ## ##3");
    expect_drawn("\u05dc##", 99, "\u05dc##");
    expect_drawn("##\u0301", 99, "##\u0301");
    expect_drawn("##\u05dc\u05dd\u05d0\u05d1", 4, "\u200f##\u05dc\u200e\u2026"); /* cut before, never inside */
    expect_drawn("", 9, "");
    expect_drawn("a\x1b\u200f", 9, "a\\x1b\\u200f");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_character), cmocka_unit_test(test_wrong_sequences),
        cmocka_unit_test(test_first_invalid),   cmocka_unit_test(test_count_and_width),
        cmocka_unit_test(test_label),           cmocka_unit_test(test_drawn),
        cmocka_unit_test(test_no_byte_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
