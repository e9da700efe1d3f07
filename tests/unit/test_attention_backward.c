/* attention/attention_backward against PyTorch, central differences, and the digits of stage 14. */
#include "fixture.h"
#include "attention/attention.h"
#include "attention/attention_backward.h"
#include "math/layers_backward.h"

enum { HEADS = 2 };
static const char *const FIXTURE = "tests/fixtures/training/backward.safetensors";
static const struct {
    const char *name;
    Mask mask;
} CASES[] = {
    {"full", {0}},
    {"causal", {.causal = true}},
    {"window3", {.causal = true, .window = 3}},
    {"global", {.causal = true, .window = 2, .global = 1}},
    {"dilated", {.window = 2, .dilation = 2}},
    {"padding", {.valid = 5}},
};
enum { CASE_COUNT = sizeof CASES / sizeof *CASES };

typedef struct {
    Mat q, k, v, out, maps, dout;
    Mask mask;
} Sample;

static Sample attention_random(Rng *rng, int n, int width, Mask mask) {
    return (Sample){random_mat(rng, n, width),
                    random_mat(rng, n, width),
                    random_mat(rng, n, width),
                    mat_new(n, width),
                    mat_new(HEADS * n, n),
                    random_mat(rng, n, width),
                    mask};
}

static void attention_free(Sample *a) {
    mat_free(&a->q), mat_free(&a->k), mat_free(&a->v), mat_free(&a->out), mat_free(&a->maps), mat_free(&a->dout);
}

static void matches_pytorch_under_every_mask(void **state) {
    (void)state;
    Safetensors file = safetensors_open(FIXTURE);
    float largest = 0;
    for (int i = 0; i < CASE_COUNT; i++) {
        const char *name = CASES[i].name;
        Mat q = fixture_mat(&file, "attention.%s.q", name), k = fixture_mat(&file, "attention.%s.k", name);
        Mat v = fixture_mat(&file, "attention.%s.v", name), dout = fixture_mat(&file, "attention.%s.dout", name);
        Mat out = mat_new(q.rows, q.cols), maps = mat_new(HEADS * q.rows, q.rows);
        Guarded got[3];
        attention_forward(attention_of(q, k, v, HEADS, CASES[i].mask), out, maps);
        for (int g = 0; g < 3; g++) got[g] = guarded_new(q.rows, q.cols), mat_fill(got[g].view, 0);
        attention_backward(attention_of(q, k, v, HEADS, (Mask){0}), maps, dout, got[0].view, got[1].view, got[2].view);
        for (int g = 0; g < 3; g++) {
            Mat expected = fixture_mat(&file, "attention.%s.d%c", name, "qkv"[g]);
            assert_mats(got[g].view, expected, 5e-6f, &largest, name);
            assert_guard(got[g], 0, q.cols);
            mat_free(&expected), guarded_free(&got[g]);
        }
        mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&dout), mat_free(&out), mat_free(&maps);
    }
    print_largest("attention backward", (double)largest, 5e-6);
    safetensors_close(&file);
}

static double weighted_out(void *context) { /* sum of out * dout */
    const Sample *a = context;
    double sum = 0;
    attention_forward(attention_of(a->q, a->k, a->v, HEADS, a->mask), a->out, a->maps);
    for (int i = 0; i < a->out.rows * a->out.cols; i++) sum += (double)a->out.data[i] * (double)a->dout.data[i];
    return sum;
}

/* A row that may look at nothing has no gradient, and spoils nobody's. */
static void agrees_with_differences(void **state) {
    (void)state;
    bool drawn[49] = {[0] = true, [8] = true, [15] = true, [16] = true, [30] = true, [31] = true, [48] = true};
    const Mask masks[] = {{.causal = true, .window = 4},
                          {.window = 2, .dilation = 2, .global = 1, .valid = 5},
                          {.picture = drawn, .tokens = 7}};
    for (int i = 0; i < 3; i++) {
        Rng rng = rng_seed(123);
        Sample a = attention_random(&rng, 7, 8, masks[i]);
        Mat d[3], x[] = {a.q, a.k, a.v};
        for (int m = 0; m < 3; m++) d[m] = mat_new(7, 8);
        weighted_out(&a);
        attention_backward(attention_of(a.q, a.k, a.v, HEADS, (Mask){0}), a.maps, a.dout, d[0], d[1], d[2]);
        for (int m = 0; m < 3; m++) {
            assert_true(gradient_error(x[m], d[m], 1e-2f, weighted_out, &a) < 1e-4);
            mat_free(&d[m]);
        }
        attention_free(&a);
    }
}

/* The backward pass adds: called twice, it gives the double. */
static void adds_to_what_is_there(void **state) {
    (void)state;
    Rng rng = rng_seed(4);
    Sample a = attention_random(&rng, 6, 4, (Mask){.causal = true});
    Mat once[3], twice[3];
    weighted_out(&a);
    for (int m = 0; m < 3; m++) once[m] = mat_new(6, 4), twice[m] = mat_new(6, 4);
    attention_backward(attention_of(a.q, a.k, a.v, HEADS, (Mask){0}), a.maps, a.dout, once[0], once[1], once[2]);
    for (int i = 0; i < 2; i++)
        attention_backward(attention_of(a.q, a.k, a.v, HEADS, (Mask){0}), a.maps, a.dout, twice[0], twice[1], twice[2]);
    for (int m = 0; m < 3; m++) {
        for (int i = 0; i < 24; i++) assert_close((double)twice[m].data[i], 2 * (double)once[m].data[i], 1e-6, "twice");
        mat_free(&once[m]), mat_free(&twice[m]);
    }
    attention_free(&a);
}

/* With dropout on the map: the same keep in both directions, checked by differences. */
typedef struct {
    Mat q, k, v, out, map, dropped, keep, dout;
} Dropped;

static double dropped_out(void *context) {
    const Dropped *a = context;
    double sum = 0;
    attention_maps(attention_of(a->q, a->k, (Mat){0}, 1, (Mask){.causal = true}), a->map);
    mat_copy(a->dropped, a->map);
    dropout_backward(a->dropped, a->keep);
    mat_mul(a->out, 1, a->dropped, a->v, 0);
    for (int i = 0; i < a->out.rows * a->out.cols; i++) sum += (double)a->out.data[i] * (double)a->dout.data[i];
    return sum;
}

static void dropout_of_the_map_agrees_with_differences(void **state) {
    (void)state;
    enum { N = 8, D = 4 };
    Rng rng = rng_seed(11);
    Dropped a = {random_mat(&rng, N, D), random_mat(&rng, N, D), random_mat(&rng, N, D), mat_new(N, D),
                 mat_new(N, N),          mat_new(N, N),          mat_new(N, N),          random_mat(&rng, N, D)};
    Mat d[3] = {mat_new(N, D), mat_new(N, D), mat_new(N, D)}, scratch = mat_new(N, N), x[] = {a.q, a.k, a.v};
    rng_dropout(&rng, a.keep.data, N * N, .3);
    dropped_out(&a);
    attention_head_backward(attention_of(a.q, a.k, a.v, 1, (Mask){0}), a.map, a.keep, a.dout, d[0], d[1], d[2], scratch,
                            0, NULL);
    for (int m = 0; m < 3; m++) {
        assert_true(gradient_error(x[m], d[m], 1e-2f, dropped_out, &a) < 1e-4);
        mat_free(&d[m]);
    }
    mat_free(&a.q), mat_free(&a.k), mat_free(&a.v);
    mat_free(&a.out), mat_free(&a.map), mat_free(&a.dropped), mat_free(&a.keep), mat_free(&a.dout), mat_free(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_pytorch_under_every_mask),
        cmocka_unit_test(agrees_with_differences),
        cmocka_unit_test(adds_to_what_is_there),
        cmocka_unit_test(dropout_of_the_map_agrees_with_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
