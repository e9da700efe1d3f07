/* attention/mask_list, and the rules of --mask as stage 10 words them, against brute force on thousands of random
 * parameter sets. */
#include "fixture.h"
#include "attention/mask_list.h"
#include "attention/mask_options.h"

#include <limits.h>

enum { MOST_SIDE = 40, TRIALS = 8000 };

/* Small, about the size of the text, or near the largest int, where sums and products pass 32 bits. */
static int random_value(Rng *rng, int lowest, int n) {
    int near = n - 1 + random_int(rng, 3);
    switch (random_int(rng, 5)) {
    case 0: return lowest + random_int(rng, 3);
    case 1: return INT_MAX - random_int(rng, 3);
    case 2: return near > lowest ? near : lowest;
    default: return lowest + random_int(rng, n + 4);
    }
}

static MaskOptions random_options(Rng *rng, int n) {
    MaskOptions o = mask_options_new(MASK_NONE);
    o.kind = random_int(rng, MASK_OPTIONS);
    for (int k = 0; k < MASK_KNOBS; k++)
        if (mask_kind_takes(o.kind, &MASK_KNOB[k]))
            *mask_knob_at(&o.said, &MASK_KNOB[k]) = random_value(rng, mask_kind_lowest(o.kind, &MASK_KNOB[k]), n);
    o.said.causal = random_int(rng, 3) == 0;
    return o;
}

/* The definitions of the command line, in 64 bits, one after the other. */
static bool by_definition(const MaskOptions *o, long long i, long long j) {
    long long apart = llabs(i - j), W = o->said.window, D = o->said.dilation, G = o->said.global, P = o->said.prefix,
              C = o->said.chunk;
    bool allowed = false;
    switch (o->kind) {
    case MASK_NONE: allowed = true; break;
    case MASK_CAUSAL: allowed = j <= i; break;
    case MASK_LOCAL: allowed = apart <= W; break;
    case MASK_GLOBAL_LOCAL: allowed = i < G || j < G || apart <= W; break;
    case MASK_SLIDING: allowed = 0 <= i - j && i - j < W; break;
    case MASK_DILATED: allowed = apart <= D * W && (i - j) % D == 0; break;
    case MASK_PREFIX: allowed = j <= i || (i < P && j < P); break;
    case MASK_CHUNKED: allowed = i / C == j / C; break;
    case MASK_SINKS: allowed = j <= i && (i - j < W || j < o->said.sinks); break;
    case MASK_STRIDED: allowed = j <= i && (i - j < W || (i - j) % W == 0); break;
    case MASK_PADDING: allowed = true; break;
    default: wrong("kind %d has no definition here", o->kind);
    }
    return allowed && (!o->said.causal || j <= i) && (o->said.valid < 1 || j < o->said.valid);
}

static void expect_rule(const MaskOptions *o, Mask rule, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (mask_allows(rule, i, j) != by_definition(o, i, j))
                wrong("%s, n %d: pair %d, %d", MASK_KIND[o->kind].name, n, i, j);
}

static void options_mean_their_definition(void **state) {
    (void)state;
    Rng rng = test_rng(50);
    for (int trial = 0; trial < TRIALS; trial++) {
        int n = 1 + random_int(&rng, MOST_SIDE);
        MaskOptions o = random_options(&rng, n);
        NamedMask mask = mask_from_options(&o, n);
        expect_rule(&o, mask.rule, n);
        named_mask_free(&mask);
    }
}

/* The printed form has the same cells, to the byte. */
static void what_is_printed_is_the_definition(void **state) {
    (void)state;
    Rng rng = test_rng(51);
    static char text[MOST_SIDE * (MOST_SIDE + 1) + 8];
    for (int trial = 0; trial < 1500; trial++) {
        int n = 1 + random_int(&rng, MOST_SIDE);
        MaskOptions o = random_options(&rng, n);
        NamedMask mask = mask_from_options(&o, n);
        memset(text, 0, sizeof text);
        FILE *out = fmemopen(text, sizeof text, "w");
        mask_print(mask.rule, n, out);
        assert_int_equal(ftell(out), n * (n + 1));
        fclose(out);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) assert_int_equal(text[i * (n + 1) + j], by_definition(&o, i, j) ? '#' : '.');
            assert_int_equal(text[i * (n + 1) + n], '\n');
        }
        named_mask_free(&mask);
    }
}

/* ---- lists ---- */

static void a_list_reads_as_its_items(void **state) {
    (void)state;
    static const char *const titles[] = {"none",
                                         "causal",
                                         "local, window 2",
                                         "global-local, window 1, global 3",
                                         "sliding, window 4",
                                         "dilated, window 2, dilation 5",
                                         "prefix, prefix 0",
                                         "chunked, chunk 6",
                                         "padding, valid 7",
                                         "local, window 2, causal",
                                         "none, causal",
                                         "sinks, window 3, sinks 1",
                                         "strided, window 4"};
    MaskOptions base = mask_options_new(MASK_NONE);
    MaskList list = mask_list_read("compare",
                                   "none,causal,local:2,global-local:1:3,sliding:4,dilated:2:5,prefix:0,chunked:6,"
                                   "padding:7,local:2+causal,none+causal,sinks:3:1,strided:4",
                                   &base, 12);
    assert_int_equal(list.count, 13);
    for (int i = 0; i < list.count; i++) {
        assert_string_equal(list.at[i].mask.title, titles[i]);
        if (i != 8) expect_rule(&list.at[i].options, list.at[i].mask.rule, 12);
    }
    assert_int_equal(mask_count(list.at[8].mask.rule, 12), 12 * 7);
    mask_list_free(&list);
}

/* A number that is not in the item comes from the option, and from n when there is none. */
static void what_an_item_leaves_open(void **state) {
    (void)state;
    MaskOptions base = mask_options_new(MASK_NONE);
    base.said.window = 5;
    MaskList list = mask_list_read("compare", "local,local:1,global-local,chunked,padding", &base, 20);
    const int windows[] = {5, 1, 5, -1, -1};
    for (int i = 0; i < 5; i++) assert_int_equal(list.at[i].options.said.window, windows[i]);
    assert_int_equal(list.at[2].options.said.global, 4); /* n / 5 */
    assert_int_equal(list.at[3].options.said.chunk, 10); /* n / 2 */
    assert_int_equal(list.at[4].mask.rule.valid, 15);    /* the last quarter is padding */
    mask_list_free(&list);
    for (int n = 1; n < 12; n++) {
        list = mask_list_read("compare", "padding", &base, n);
        assert_in_range(list.at[0].mask.rule.valid, 1, n > 1 ? n - 1 : 1);
        mask_list_free(&list);
    }
}

static void global_tokens_and_a_drawn_pattern(void **state) {
    (void)state;
    write_test_file(test_path("drawn.txt"), "#..\n.#.\n###\n", 12);
    MaskOptions base = mask_options_new(MASK_NONE);
    base.global_at = "2", base.file = test_path("drawn.txt");
    MaskList list = mask_list_read("compare", "none,local:0,file,file+causal,padding:2", &base, 3);
    const char *const titles[] = {"none", "local, window 0, global at 2", "drawn in a file",
                                  "drawn in a file, causal", "padding, valid 2"};
    const long long pairs[] = {9, 7, 5, 5, 6}; /* local:0 with a global last word; the file; the file has no future */
    for (int i = 0; i < 5; i++) {
        assert_int_equal(mask_count(list.at[i].mask.rule, 3), pairs[i]);
        assert_string_equal(list.at[i].mask.title, titles[i]);
    }
    mask_list_free(&list);
    assert_int_equal(remove(test_path("drawn.txt")), 0);
}

/* Titles and spellings of a list for n tokens. */
static void expect_list(const MaskOptions *base, const char *text, bool causal, int count,
                        const char *const (*expected)[2]) {
    MaskList list = mask_list_read("compare", text, base, 12);
    if (causal) mask_list_make_causal(&list);
    assert_int_equal(list.count, count);
    for (int i = 0; i < count; i++) {
        assert_string_equal(list.at[i].mask.title, expected[i][0]);
        assert_string_equal(list.names[i], expected[i][1]);
        expect_rule(&list.at[i].options, list.at[i].mask.rule, 12);
    }
    mask_list_free(&list);
}

static void padding_goes_with_every_mask(void **state) {
    (void)state;
    static const char *const expected[][2] = {{"padding, valid 5", "padding:5"},
                                              {"local, window 2, valid 5", "local:2, padding:5"},
                                              {"local, window 2, causal, valid 5", "local:2, padding:5+causal"},
                                              {"padding, valid 5", "padding:5"},
                                              {"padding, valid 7, causal", "padding:7+causal"}};
    MaskOptions base = mask_options_new(MASK_NONE);
    base.said.valid = 5;
    expect_list(&base, "none,local:2,local:2+causal,padding,padding:7+causal", false, 5, expected);
}

/* What closes the future by itself is not told to once more; a prefix leaves some of it open. */
static void lists_made_causal(void **state) {
    (void)state;
    static const char *const expected[][2] = {{"causal", "causal"},
                                              {"causal", "causal"},
                                              {"causal", "causal"},
                                              {"local, window 1, causal", "local:1+causal"},
                                              {"sliding, window 3", "sliding:3"},
                                              {"prefix, prefix 4, causal", "prefix:4+causal"},
                                              {"sinks, window 3, sinks 1", "sinks:3:1"},
                                              {"sliding, window 3, causal", "sliding:3+causal"},
                                              {"local, window 1, causal", "local:1+causal"}};
    MaskOptions base = mask_options_new(MASK_NONE);
    const char *text = "none,none+causal,causal,local:1,sliding:3,prefix:4,sinks:3:1,sliding:3+causal,local:1+causal";
    expect_list(&base, text, true, 9, expected);
}

static void read_list(void *text) {
    MaskOptions base = mask_options_new(MASK_NONE);
    MaskList list = mask_list_read("compare", text, &base, 6);
    mask_list_free(&list);
}

static void bad_lists_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {{"", "no mask ``"},
                 {",", "no mask ``"},
                 {"local,", "no mask ``"},
                 {"Local", "no mask `Local`"},
                 {"local+", "no mask `local+`"},
                 {"local+causal+causal", "no mask `local+causal+causal`"},
                 {"local causal", "no mask"},
                 {"local:", "local:: `` (expected a whole number from 0"},
                 {"local:-1", "`-1` (expected a whole number from 0 to 2147483647)"},
                 {"local:2147483648", "`2147483648` (expected a whole number from 0 to 2147483647)"},
                 {"local:1e3", "`1e3`"},
                 {"local: 1", "` 1`"},
                 {"sliding:0", "`0` (expected a whole number from 1"},
                 {"dilated:1:0", "`0` (expected a whole number from 1"},
                 {"sinks:0:1", "`0` (expected a whole number from 1"},
                 {"sinks:1:-1", "`-1` (expected a whole number from 0"},
                 {"strided:0", "`0` (expected a whole number from 1"},
                 {"strided:1:1", "too many numbers (expected none, causal, local:W|strided:W, padding:L or file, each"},
                 {"chunked:0", "`0` (expected a whole number from 1"},
                 {"padding:0", "`0` (expected a whole number from 1"},
                 {"causal:1", "too many numbers"},
                 {"local:1:2", "too many numbers"},
                 {"padding:1:2", "too many numbers"},
                 {"file", "file needs --mask-file"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_failure(EXIT_USAGE, cases[i].says, read_list, (void *)(size_t)cases[i].text);
}

/* One mask as a list is what --mask alone gives, padding included. */
static void a_list_of_one(void **state) {
    (void)state;
    Rng rng = test_rng(52);
    for (int trial = 0; trial < 500; trial++) {
        int n = 1 + random_int(&rng, MOST_SIDE), valid = random_int(&rng, n + 2);
        MaskOptions o = random_options(&rng, n);
        if (valid) o.said.valid = valid;
        MaskList list = mask_list_of(&o, n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                assert_int_equal(mask_allows(list.at[0].mask.rule, i, j), by_definition(&o, i, j));
        mask_list_free(&list);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_mean_their_definition),
        cmocka_unit_test(what_is_printed_is_the_definition),
        cmocka_unit_test(a_list_reads_as_its_items),
        cmocka_unit_test(what_an_item_leaves_open),
        cmocka_unit_test(global_tokens_and_a_drawn_pattern),
        cmocka_unit_test(padding_goes_with_every_mask),
        cmocka_unit_test(lists_made_causal),
        cmocka_unit_test(bad_lists_are_refused),
        cmocka_unit_test(a_list_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
