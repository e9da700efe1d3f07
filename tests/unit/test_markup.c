/* show/markup: pictures and tables of a page, each by hand: where a point, a curve and a grey lie, and what says so. */
#include "expect.h"
#include "show/markup.h"
#include "show/page.h"

static Mat mat_of(int rows, int cols, const float *values) {
    Mat m = mat_new(rows, cols);
    memcpy(m.data, values, sizeof(float) * (size_t)(rows * cols));
    return m;
}

static void holds(const String *out, const char *part, int times) {
    int count = 0;
    for (const char *at = out->text; (at = strstr(at, part)) != NULL; at += strlen(part)) count++;
    if (count != times) wrong("%d times %s (expected %d) in:\n%s", count, part, times, out->text);
}

static void a_part_opens_and_closes(void **state) {
    (void)state;
    String out = {0};
    markup_open(&out, "key", " data-n=\"3\""), markup_line(&out, "line", ""), markup_close(&out);
    assert_string_equal(out.text, "<details class=\"card\"><summary data-say=\"key\"></summary>\n"
                                  "<p class=\"hint\" data-say=\"key_says\" data-n=\"3\"></p>\n"
                                  "<p class=\"hint\" data-say=\"line\"></p>\n</details>\n");
    string_free(&out);
}

/* The largest, of whatever sign, has 40% of the accent; a table of nothing has none. */
static void a_number_has_its_ground(void **state) {
    (void)state;
    String out = {0};
    Mat m = mat_of(2, 2, (const float[]){0.5f, -1, 0, 0.25f});
    markup_table(&out, m, 2, "key");
    holds(&out, "accent) 20%,transparent);padding:3px 6px\"><a href=\"#layer=0&amp;head=0\" data-at=\"0.0\">0.50</a>",
          1);
    holds(&out, "accent) 40%,transparent);padding:3px 6px\"><a href=\"#layer=0&amp;head=1\" data-at=\"0.1\">-1.00</a>",
          1);
    holds(&out, "accent) 0%,transparent);padding:3px 6px\"><a href=\"#layer=1&amp;head=0\" data-at=\"1.0\">0.00</a>",
          1);
    holds(&out, "accent) 10%,transparent);padding:3px 6px\"><a href=\"#layer=1&amp;head=1\" data-at=\"1.1\">0.25</a>",
          1);
    holds(&out, "data-say=\"key\"", 1);
    string_free(&out);
    mat_fill(m, 0);
    markup_table(&out, m, 3, "key");
    holds(&out, "accent) 0%", 4), holds(&out, ">0.000<", 4);
    string_free(&out), mat_free(&m);
}

/* The file as the format has it: two headers, 256 greys, then rows from the top, each filled up to four bytes:
 * all together `size`. */
static void expect_picture(Mat map, const unsigned char *greys, unsigned char size) {
    enum { HEAD = 14 + 40, GREYS_AT = 0x436 };
    unsigned char head[HEAD + 1] = "BM\x36\4\0\0\0\0\0\0\x36\4\0\0"
                                   "\x28\0\0\0\0\0\0\0\0\xff\xff\xff\1\0\x8\0\0\0\0\0"
                                   "\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0";
    head[2] = (unsigned char)(head[2] + size), head[34] = size;
    head[18] = (unsigned char)map.cols, head[22] = (unsigned char)(256 - map.rows); /* -rows: from the top */
    String bmp = {0}, out = {0}, text = {0};
    string_add_bytes(&bmp, head, HEAD);
    for (int i = 0; i < 256; i++) {
        const unsigned char grey[4] = {(unsigned char)i, (unsigned char)i, (unsigned char)i, 0};
        string_add_bytes(&bmp, grey, sizeof grey);
    }
    assert_int_equal(bmp.length, GREYS_AT);
    string_add_bytes(&bmp, greys, size);
    string_add(&text, "href=\"data:image/bmp;base64,");
    base64_add(&text, bmp.text, bmp.length);
    string_add(&text, "\"");
    markup_map(&out, map, "key", " data-n=\"3\"", 7);
    holds(&out, text.text, 1), holds(&out, "data-say=\"key\" data-n=\"3\"", 1);
    holds(&out, "<mask id=\"made-7\">", 1), holds(&out, "mask=\"url(#made-7)\"", 1);
    string_free(&bmp), string_free(&out), string_free(&text);
}

static void a_map_is_a_grey_picture(void **state) {
    (void)state;
    Mat map = mat_of(2, 3, (const float[]){0, 0.2f, 1, 2, -1, 0.25f}); /* 2 is as white as 1, and -1 as black as 0 */
    expect_picture(map, (const unsigned char[]){0, 51, 255, 0, 255, 0, 64, 0}, 8); /* 0.25 of 255 is 63.75 */
    expect_picture(mat_cols(map, 0, 1), (const unsigned char[]){0, 0, 0, 0, 255, 0, 0, 0}, 8);
    Mat whole = mat_of(1, 4, (const float[]){0.2f, 0.4f, 0.6f, 0.8f}); /* a row that needs no filling */
    expect_picture(whole, (const unsigned char[]){51, 102, 153, 204}, 4);
    String out = {0};
    markup_map(&out, map, "key", "", 0);
    holds(&out, "viewBox=\"0 0 3 2\"", 1), holds(&out, "width=\"3\" height=\"2\"", 2);
    string_free(&out), mat_free(&map), mat_free(&whole);
}

/* One scale for both directions: 432 high for 2, or 592 wide for 8, and 24 around them. y grows upwards. */
static void a_point_has_its_place(void **state) {
    (void)state;
    String out = {0};
    Mat tall = mat_of(4, 2, (const float[]){0, 0, 1, 0, 0, 1, 2, 2});
    Mat wide = mat_of(4, 2, (const float[]){0, 0, 8, 0, 0, 1, 4, 1});
    markup_points(&out, tall, 2, (const int[]){0, 3, 3, 7});
    holds(&out, "viewBox=\"0 0 640 480\"", 1);
    holds(&out, "data-at=\"0.0\" transform=\"translate(104.0 456.0)\"", 1);
    holds(&out, "data-at=\"0.1\" transform=\"translate(320.0 456.0)\"", 1);
    holds(&out, "data-at=\"1.0\" transform=\"translate(104.0 240.0)\"", 1);
    holds(&out, "href=\"#layer=1&amp;head=1\" data-at=\"1.1\" transform=\"translate(536.0 24.0)\"", 1);
    holds(&out, "accent) 0%", 2), holds(&out, "accent) 100%", 2);
    holds(&out, "type_", 3), holds(&out, "\"type_0\"", 1), holds(&out, "\"type_3\"", 1), holds(&out, "\"type_7\"", 1);
    holds(&out, "M-4 -4H4V4H-4Z", 3); /* two points and the legend */
    string_free(&out);
    markup_points(&out, wide, 4, (const int[]){1, 1, 1, 1});
    holds(&out, "viewBox=\"0 0 640 122\"", 1), holds(&out, "accent) 100%", 4); /* the only layer is the last */
    holds(&out, "data-at=\"0.1\" transform=\"translate(616.0 98.0)\"", 1);
    holds(&out, "data-at=\"0.3\" transform=\"translate(320.0 24.0)\"", 1);
    string_free(&out), mat_free(&tall), mat_free(&wide);
}

/* A box is 62 x 34; its top is the head's largest of all curves, and 0.2 at least. */
static void a_curve_has_its_scale(void **state) {
    (void)state;
    static const char *const names[] = {"one", "other"};
    String out = {0};
    const Mat curves[] = {mat_of(2, 3, (const float[]){0, 0.1f, 0.2f, 0.2f, 0.2f, 0}),
                          mat_of(2, 3, (const float[]){0.1f, 0.05f, 0, 0.4f, 0, 0.1f})};
    markup_curves(&out, curves, 2, 1, names);
    holds(&out, "viewBox=\"0 0 88 108\"", 1); /* 16 + 72 wide, two layers of 54 */
    holds(&out, "data-at=\"0.0\" transform=\"translate(16 14)\"", 1);
    holds(&out, "data-at=\"1.0\" transform=\"translate(16 68)\"", 1);
    holds(&out, "d=\"M0 34.0L31 17.0L62 0.0\"", 1), holds(&out, "d=\"M0 17.0L31 25.5L62 34.0\"", 1);
    holds(&out, "d=\"M0 17.0L31 17.0L62 34.0\"", 1), holds(&out, "d=\"M0 0.0L31 34.0L62 25.5\"", 1);
    holds(&out, "data-say=\"one\"", 1), holds(&out, "data-say=\"other\"", 1);
    string_free(&out);
    const Mat small = mat_of(1, 3, (const float[]){0, 0.1f, 0.05f});
    markup_curves(&out, &small, 1, 1, names);
    holds(&out, "d=\"M0 34.0L31 17.0L62 25.5\"", 1);
    string_free(&out);
    Mat all[] = {curves[0], curves[1], small};
    for (int i = 0; i < 3; i++) mat_free(&all[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_opens_and_closes), cmocka_unit_test(a_number_has_its_ground),
        cmocka_unit_test(a_map_is_a_grey_picture), cmocka_unit_test(a_point_has_its_place),
        cmocka_unit_test(a_curve_has_its_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
