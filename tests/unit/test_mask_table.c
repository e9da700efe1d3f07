/* attention/mask_table, both tables row by row; weights/mask_json: what is written is read, and nothing else is. */
#include "fixture.h"
#include "attention/mask_options.h"
#include "weights/mask_json.h"

#include <limits.h>

/* A mask whose knobs all differ: each has a place of its own. */
static Mask all_different(void) {
    Mask m = {.causal = true};
    for (int k = 0; k < MASK_KNOBS; k++) *mask_knob_at(&m, &MASK_KNOB[k]) = 101 + k;
    return m;
}

static void each_knob_has_its_place(void **state) {
    (void)state;
    Mask m = all_different();
    for (int k = 0; k < MASK_KNOBS; k++) {
        const MaskKnob *knob = &MASK_KNOB[k];
        assert_int_equal(mask_knob(m, knob), 101 + k);
        if (knob->letter) assert_ptr_equal(mask_knob_of(knob->letter), knob);
    }
    assert_true(m.window == 101 && m.causal && !m.global_at && !m.picture && m.tokens == 0);
    size_t first = offsetof(Mask, window), last = offsetof(Mask, valid); /* every number of the rule has a row */
    assert_int_equal((last - first) / sizeof(int) + 1, MASK_KNOBS);
}

static void equality_sees_every_knob(void **state) {
    (void)state;
    static const bool one[4] = {true}, other[4] = {true};
    Mask m = all_different(), twin = m;
    assert_true(mask_equal(m, twin) && mask_equal((Mask){0}, (Mask){0}));
    for (int k = 0; k < MASK_KNOBS; k++) {
        twin = m;
        ++*mask_knob_at(&twin, &MASK_KNOB[k]);
        assert_false(mask_equal(m, twin) || mask_equal(twin, m));
    }
    const Mask apart[] = {{.causal = true},
                          {.global_at = one, .tokens = 2},
                          {.global_at = other, .tokens = 2},
                          {.picture = one, .tokens = 2},
                          {.picture = one, .tokens = 1},
                          {.picture = other, .tokens = 2}};
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) assert_int_equal(mask_equal(apart[i], apart[j]), i == j);
}

/* ---- kinds ---- */

static void each_kind_is_complete(void **state) {
    (void)state;
    for (int kind = 0; kind < MASK_KINDS; kind++) {
        const MaskKind *row = &MASK_KIND[kind];
        assert_int_equal(mask_kind_find(row->name), kind);
        assert_true(row->rule && row->takes && *row->pairs);
        for (const char *letter = row->takes; *letter; letter++) {
            assert_non_null(strchr(row->rule, *letter)); /* a number that the rule does not name would do nothing */
            assert_true(mask_kind_takes(kind, mask_knob_of(*letter)));
        }
        if (row->traits & (MASK_RADIUS | MASK_COMB)) assert_non_null(strchr(row->takes, 'W'));
    }
    assert_int_equal(mask_kind_find("lokal"), -1);
}

static void rules_in_words(void **state) {
    (void)state;
    const Mask said = {.window = 3, .dilation = 5, .global = 7, .prefix = 11, .chunk = 13, .valid = 17, .sinks = 19};
    static const struct {
        int kind;
        const char *rule;
    } cases[] = {{MASK_NONE, ""},
                 {MASK_CAUSAL, "j <= i"},
                 {MASK_LOCAL, "|i - j| <= 3"},
                 {MASK_GLOBAL_LOCAL, "i < 7 or j < 7 or |i - j| <= 3"},
                 {MASK_SLIDING, "0 <= i - j < 3"},
                 {MASK_DILATED, "|i - j| <= 5 x 3 and 5 divides it"},
                 {MASK_PREFIX, "j <= i, or i < 11 and j < 11"},
                 {MASK_CHUNKED, "i / 13 = j / 13, rounded down"},
                 {MASK_SINKS, "j <= i and (i - j < 3 or j < 19)"},
                 {MASK_STRIDED, "j <= i and (i - j < 3 or 3 divides i - j)"},
                 {MASK_PADDING, "j < 17"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        String rule = {0};
        string_add(&rule, "%s", "");
        mask_kind_rule(&rule, cases[i].kind, said);
        assert_string_equal(rule.text, cases[i].rule);
        string_free(&rule);
    }
}

/* ---- JSON ---- */

static NamedMask read_text(const char *members, int n) {
    char *text = text_format("{%s}", members);
    json_t *json = json_parse("config.json", text, strlen(text));
    NamedMask mask = mask_json_read("config.json", json, n);
    json_decref(json);
    memory_free(text);
    return mask;
}

static void a_mask_is_read_as_it_was_written(void **state) {
    (void)state;
    enum { MOST = 20 };
    Rng rng = test_rng(90);
    bool named[MOST], picture[MOST * MOST];
    for (int trial = 0; trial < 500; trial++) {
        int n = 1 + random_int(&rng, MOST);
        Mask m = {.causal = random_int(&rng, 2), .tokens = n};
        for (int k = 0; k < MASK_KNOBS; k++)
            *mask_knob_at(&m, &MASK_KNOB[k]) = random_int(&rng, 3) ? 0 : INT_MAX - random_int(&rng, 40) * (trial % 2);
        for (int i = 0; i < n; i++) named[i] = random_int(&rng, 4) == 0;
        for (int i = 0; i < n * n; i++) picture[i] = random_int(&rng, 2);
        if (random_int(&rng, 2)) m.global_at = named;
        if (random_int(&rng, 2)) m.picture = picture;
        String text = {0};
        mask_json_add(&text, m);
        NamedMask back = read_text(text.text, n);
        assert_int_equal(!back.global_at, !m.global_at), assert_int_equal(!back.picture, !m.picture);
        if (m.global_at) assert_memory_equal(back.global_at, named, (size_t)n);
        if (m.picture) assert_memory_equal(back.picture, picture, (size_t)n * (size_t)n);
        back.rule.global_at = m.global_at, back.rule.picture = m.picture;
        assert_true(mask_equal(back.rule, m));
        named_mask_free(&back), string_free(&text);
    }
}

/* The bytes that stage 15 writes, and those of a model of before a knob was thought of. */
static void the_form_of_the_file(void **state) {
    (void)state;
    String text = {0};
    mask_json_add(&text, (Mask){.causal = true,
                                .window = 4,
                                .global_at = (const bool[]){1, 0, 1},
                                .picture = (const bool[]){1, 0, 0, 1, 1, 0, 0, 1, 1},
                                .tokens = 3});
    assert_non_null(strstr(text.text, "\"causal\": true, \"window\": 4, \"dilation\": 0, \"global\": 0, "));
    assert_non_null(strstr(text.text, ", \"global_at\": [0, 2], \"picture\": [\"#..\", \"##.\", \".##\"]"));
    string_free(&text);
    NamedMask old = read_text("\"positions\": \"rope\", \"causal\": false, \"window\": 3", 8),
              foreign = read_text("", 8);
    assert_true(mask_equal(old.rule, (Mask){.window = 3, .tokens = 8}));
    assert_true(mask_equal(foreign.rule, (Mask){.causal = true, .tokens = 8}));
    NamedMask nothing = mask_json_read("config.json", NULL, 8);
    assert_true(mask_equal(nothing.rule, foreign.rule));
}

static void read_three(void *members) {
    NamedMask mask = read_text(members, 3);
    named_mask_free(&mask);
}

static void bad_members_are_refused(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"\"causal\": 1", "causal is 1 (expected true or false"},
        {"\"window\": -1", "window is -1 (expected a whole number from 0"},
        {"\"chunk\": 2147483648", "chunk is 2147483648"},
        {"\"global_at\": 0", "global_at is no list"},
        {"\"global_at\": [0, 3]", "global_at[1] is no token (expected a whole number from 0 to 2"},
        {"\"global_at\": [-1]", "global_at[0]"},
        {"\"global_at\": [\"0\"]", "global_at[0]"},
        {"\"picture\": \"###\"", "picture is no list"},
        {"\"picture\": []", "picture has 0 lines (expected 3"},
        {"\"picture\": [\"###\", \"###\", \"###\", \"###\"]", "picture has 4 lines"},
        {"\"picture\": [\"###\", \"##\", \"###\"]", "picture[1] is no line of it (expected 3 times"},
        {"\"picture\": [\"###\", \"###\", \"####\"]", "picture[2]"},
        {"\"picture\": [\"#x#\", \"###\", \"###\"]", "picture[0]"},
        {"\"picture\": [1, 2, 3]", "picture[0]"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_failure(EXIT_DATA, cases[i][1], read_three, (void *)(size_t)cases[i][0]);
    read_three((void *)(size_t) "\"global_at\": null, \"picture\": null, \"window\": null");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_knob_has_its_place),
        cmocka_unit_test(equality_sees_every_knob),
        cmocka_unit_test(each_kind_is_complete),
        cmocka_unit_test(rules_in_words),
        cmocka_unit_test(a_mask_is_read_as_it_was_written),
        cmocka_unit_test(the_form_of_the_file),
        cmocka_unit_test(bad_members_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
