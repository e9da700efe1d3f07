/* The page as a file: base64 by RFC 4648's own examples, packing by hand, what travels in it, hostile titles. */
#include "base/error.h"
#include "show/page.h"
#include "show/page_files.h"
#include "fixture.h"
#include "weights/block.h"

#include <string.h>

static void test_base64(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        String out = {0};
        string_add(&out, "%s", "");
        base64_add(&out, pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(out.text, pairs[i][1]);
        string_free(&out);
    }
}

static void test_html(void **state) {
    (void)state;
    String out = {0};
    html_add(&out, "</title><script>alert('$&')</script> \"quoted\" & \xd7\xa9");
    assert_string_equal(out.text,
                        "&lt;/title&gt;&lt;script&gt;alert('$&amp;')&lt;/script&gt; &quot;quoted&quot; &amp; \xd7\xa9");
    string_free(&out);
}

/* Two parts: the largest number of each becomes 32767 or 127 steps. */
static void test_rounding(void **state) {
    (void)state;
    float shorts[] = {32767, -1.4f, 0, 2 * 32767, 3, -2}, bytes[] = {127, 0.6f, -127}, zeros[] = {0, 0};
    const float expected[] = {32767, -1, 0, 65534, 4, -2};
    block_round(PACK_SHORTS, shorts, 6, 2);
    for (int i = 0; i < 6; i++) assert_true(shorts[i] == expected[i]);
    block_round(PACK_BYTES, bytes, 3, 1);
    assert_true(bytes[0] == 127 && bytes[1] == 1 && bytes[2] == -127);
    block_round(PACK_BYTES, zeros, 2, 1);
    assert_true(zeros[0] == 0 && zeros[1] == 0);
}

/* What is stored: int16 as they are, bytes plus 128, and a scale beside them. */
static void test_block(void **state) {
    (void)state;
    const float numbers[] = {127, -127, 0.4f, 0};
    Block block = {0};
    block_add(&block, "x", PACK_BYTES, (Shape){{2, 2}, 2}, numbers, 1);
    Bytes bytes = block_bytes(&block, "{\"a\":1}");
    Safetensors file = safetensors_parse("block", (const unsigned char *)bytes.data, bytes.size);
    const Tensor *x = safetensors_find(&file, "x"), *scale = safetensors_find(&file, "x.scale");
    assert_non_null(x), assert_non_null(scale);
    assert_memory_equal(x->data, "\xff\x01\x80\x80", 4);
    assert_int_equal(scale->count, 1);
    assert_string_equal(safetensors_metadata(&file, "page"), "{\"a\":1}");
    safetensors_close(&file);
    bytes_free(&bytes);
    assert_int_equal(block.count, 0);
}

/* Script and style are whole: no import, no export is left, and nothing that would end their element early. */
static void test_files(void **state) {
    (void)state;
    static const char *const never[] = {"import ", "export ", "</script", "</style", "<!--"};
    int seen = 0;
    for (const PageFile *file = PAGE_FILES; file->name; file++) {
        if (strstr(file->name, ".html") || strstr(file->name, ".gz")) continue;
        seen++;
        assert_true(file->size > 300); /* words, too: `<` could end the element that holds them */
        if (strstr(file->name, ".json")) assert_null(strchr(file->bytes, '<'));
        for (size_t i = 0; i < sizeof never / sizeof *never; i++)
            assert_null(strstr(file->bytes, never[i]));
    }
    assert_int_equal(seen, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_base64), cmocka_unit_test(test_html),
                                       cmocka_unit_test(test_rounding), cmocka_unit_test(test_block),
                                       cmocka_unit_test(test_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
