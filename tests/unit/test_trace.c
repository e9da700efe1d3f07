/* model/trace: the room for one pass, maps under another mask, and the check that a wrong model does not look right. */
#include "fixture.h"
#include "attention/attention.h"
#include "model/trace.h"

enum { N = 7, LAYERS = 3, HEADS = 2, WIDTH = 10, INNER = 13 };

/* A trace whose maps follow from random q and k under the mask: sound and uneven. */
static Trace sound_trace(Rng *rng, int n, Mask mask) {
    Trace t = trace_new(n, LAYERS, HEADS, WIDTH, INNER);
    for (int l = 0; l < LAYERS; l++) {
        mat_randomise(t.attention[l].q, rng), mat_randomise(t.attention[l].k, rng);
        for (int i = 0; i < n * WIDTH; i++) t.attention[l].q.data[i] *= 3;
        attention_maps(attention_of(t.attention[l].q, t.attention[l].k, (Mat){0}, HEADS, mask), t.maps[l]);
    }
    return t;
}

static void assert_shape(Mat m, int rows, int cols) {
    assert_int_equal(m.rows, rows);
    assert_int_equal(m.cols, cols);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) assert_true(mat_at(m, i, j) == 0);
}

static void new_has_room_for_everything(void **state) {
    (void)state;
    Trace t = trace_new(N, LAYERS, HEADS, WIDTH, INNER);
    assert_shape(t.word, N, WIDTH), assert_shape(t.position, N, WIDTH), assert_shape(t.segment, N, WIDTH);
    assert_shape(t.scratch, N, WIDTH), assert_shape(t.hidden[LAYERS], N, WIDTH);
    for (int l = 0; l < LAYERS; l++) {
        assert_shape(t.hidden[l], N, WIDTH), assert_shape(t.attention[l].q, N, WIDTH),
            assert_shape(t.attention[l].k, N, WIDTH);
        assert_shape(t.attention[l].v, N, WIDTH), assert_shape(t.context[l], N, WIDTH),
            assert_shape(t.attended[l], N, WIDTH);
        assert_shape(t.inner[l], N, INNER), assert_shape(t.maps[l], HEADS * N, N);
        for (int h = 0; h < HEADS; h++) {
            Mat map = trace_map(&t, l, h);
            assert_true(map.data == mat_row(t.maps[l], h * N) && map.rows == N && map.cols == N);
        }
    }
    assert_true(t.n == N && t.layers == LAYERS && t.heads == HEADS && t.width == WIDTH && t.inner_width == INNER &&
                !t.tokens);
    trace_free(&t);
    assert_true(t.hidden == NULL && t.n == 0);
    trace_free(&t); /* a zeroed one is fine */
}

static void new_trace_of(void *tokens) {
    Trace t = trace_new(*(const int *)tokens, 12, 12, 384, 1536);
    trace_free(&t);
}

static void a_text_too_long_is_refused_before_it_takes_room(void **state) {
    (void)state;
    expect_failure(EXIT_ENVIRONMENT, "out of memory (with a pass over 2000000 tokens, all maps|Try: a shorter text",
                   new_trace_of, &(int){2000000});
}

static void maps_under_a_mask(void **state) {
    (void)state;
    Rng rng = test_rng(50);
    Trace t = sound_trace(&rng, N, (Mask){0});
    const Mask masks[] = {{0}, {.causal = true}, {.window = 2}, {.causal = true, .window = 2, .valid = 3}};
    for (int l = 0; l < LAYERS; l++)
        for (int m = 0; m < 4; m++) {
            Mat maps = trace_maps_under(&t, l, masks[m]), expected = mat_new(HEADS * N, N);
            attention_maps(attention_of(t.attention[l].q, t.attention[l].k, (Mat){0}, HEADS, masks[m]), expected);
            assert_true(mat_same_bits(maps, expected));
            assert_int_equal(mat_same_bits(maps, t.maps[l]),
                             m == 0); /* under no mask: those that are there, bit for bit */
            mat_free(&maps), mat_free(&expected);
        }
    trace_free(&t);
}

/* ---- the check ---- */

typedef struct {
    const Trace *trace;
    Mask mask;
} Check;

static void run_check(void *context) {
    const Check *check = context;
    trace_check(check->trace, check->mask, "model.safetensors");
}

static const char *said_by_check(const Trace *trace, Mask mask) {
    static char said[1024];
    return stderr_of(said, sizeof said, run_check, &(Check){trace, mask});
}

static void sound_maps_pass_in_silence(void **state) {
    (void)state;
    Rng rng = test_rng(51);
    const Mask masks[] = {{0}, {.causal = true}, {.window = 2}, {.causal = true, .window = 2, .valid = 3}};
    for (int m = 0; m < 4; m++)
        for (int n = 1; n <= 20; n++) {
            Trace t = sound_trace(&rng, n, masks[m]);
            assert_string_equal(said_by_check(&t, masks[m]), "");
            trace_free(&t);
        }
}

/* Changes one cell by `by` and says what the check then thinks of it. */
static void expect_refused(Trace *t, Mask mask, int layer, int head, int token, float by, const char *says) {
    float *cell = mat_row(trace_map(t, layer, head), token), was = *cell;
    *cell += by;
    expect_failure(EXIT_DATA, says, run_check, &(Check){t, mask});
    *cell = was;
}

static void a_row_that_does_not_sum_to_one_is_refused(void **state) {
    (void)state;
    Rng rng = test_rng(52);
    Trace t = sound_trace(&rng, N, (Mask){0});
    for (int l = 0; l < LAYERS; l++)
        for (int h = 0; h < HEADS; h++)
            for (int i = 0; i < N; i++) {
                char says[128];
                snprintf(says, sizeof says, "model.safetensors: |layer %d head %d|token %d|(expected 1). Try: ", l, h,
                         i);
                expect_refused(&t, (Mask){0}, l, h, i, 2e-4f, says);
                expect_refused(&t, (Mask){0}, l, h, i, -2e-4f, says);
                expect_refused(&t, (Mask){0}, l, h, i, NAN, says);
                expect_refused(&t, (Mask){0}, l, h, i, INFINITY, says);
            }
    float *cell = mat_row(t.maps[1], 3);
    *cell += 0.8e-4f; /* rounding of a long row may do that */
    assert_string_equal(said_by_check(&t, (Mask){0}), "");
    trace_free(&t);
}

static void rows_without_keys_must_be_zero(void **state) {
    (void)state;
    Rng rng = test_rng(53);
    Mask mask = {.causal = true, .window = 2, .valid = 3}; /* rows 4 and later have nothing */
    Trace t = sound_trace(&rng, N, mask);
    assert_string_equal(said_by_check(&t, mask), "");
    expect_refused(&t, mask, 2, 1, 4, 1, "layer 2 head 1|token 4 sum to 1 (expected 0)");
    mat_fill(mat_rows(trace_map(&t, 0, 1), 2, 1), 0); /* and a row with keys must not */
    expect_failure(EXIT_DATA, "layer 0 head 1|token 2 sum to 0 (expected 1)", run_check, &(Check){&t, mask});
    trace_free(&t);
}

static void make_uniform(Trace *t, Mask mask) {
    for (int l = 0; l < t->layers; l++)
        for (int h = 0; h < t->heads; h++) {
            mat_fill(trace_map(t, l, h), 0); /* equal scores */
            attention_softmax(trace_map(t, l, h), 1, mask);
        }
}

static void uniform_heads_are_warned_of(void **state) {
    (void)state;
    static const char *const warning = "warning: model.safetensors: ALL HEADS ARE UNIFORM";
    const Mask masks[] = {{0}, {.causal = true}, {.window = 3}};
    for (int m = 0; m < 3; m++) {
        Trace t = trace_new(N, LAYERS, HEADS, WIDTH, INNER);
        make_uniform(&t, masks[m]);
        assert_non_null(strstr(said_by_check(&t, masks[m]), warning));
        float *row = mat_row(trace_map(&t, 1, 1), 5), share = row[5];
        row[5] += 0.08f * share, row[4] -= 0.08f * share; /* that could be noise */
        assert_non_null(strstr(said_by_check(&t, masks[m]), warning));
        row[5] += 0.04f * share,
            row[4] -= 0.04f * share; /* one token of one head that prefers another by 10% is enough */
        assert_string_equal(said_by_check(&t, masks[m]), "");
        trace_free(&t);
    }
}

/* Two tokens or fewer say nothing about a head, nor does a mask that leaves two keys at most. */
static void too_few_keys_are_not_judged(void **state) {
    (void)state;
    for (int n = 1; n <= 3; n++) {
        Trace t = trace_new(n, LAYERS, HEADS, WIDTH, INNER);
        make_uniform(&t, (Mask){0});
        assert_int_equal(*said_by_check(&t, (Mask){0}) != '\0', n == 3);
        trace_free(&t);
    }
    Trace t = trace_new(N, LAYERS, HEADS, WIDTH, INNER);
    Mask two = {.causal = true, .window = 2};
    make_uniform(&t, two);
    assert_string_equal(said_by_check(&t, two), "");
    trace_free(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_has_room_for_everything),
        cmocka_unit_test(a_text_too_long_is_refused_before_it_takes_room),
        cmocka_unit_test(maps_under_a_mask),
        cmocka_unit_test(sound_maps_pass_in_silence),     cmocka_unit_test(a_row_that_does_not_sum_to_one_is_refused),
        cmocka_unit_test(rows_without_keys_must_be_zero), cmocka_unit_test(uniform_heads_are_warned_of),
        cmocka_unit_test(too_few_keys_are_not_judged),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
