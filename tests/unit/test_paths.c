/* attention/rollout, flow, divergence and math/scaling: against numpy and networkx (tests/fixtures/paths), by hand, and
 * for texts of one token and rows that see nothing. */
#include "fixture.h"
#include "attention/divergence.h"
#include "attention/flow.h"
#include "attention/rollout.h"
#include "math/scaling.h"

/* ---- a case of the fixture ---- */

typedef struct {
    const char *name;
    int layers, heads;
    Mask mask;
} Case;
static const Case cases[] = {{"one", 1, 1, {0}},        {"two", 2, 1, {0}},
                             {"full", 3, 2, {0}},       {"causal", 3, 2, {.causal = true}},
                             {"empty_rows", 4, 3, {0}}, {"wide", 2, 2, {0}}};
enum { CASES = sizeof cases / sizeof *cases, MOST_LAYERS = 4 };

static Safetensors fixture_open(void) {
    return safetensors_open("tests/fixtures/paths/paths.safetensors");
}

/* Its mixes [layers]; *maps (layers * heads * n, n). Free them. */
static int read_case(const Safetensors *file, const Case *c, Mat *maps, Mat *mix) {
    *maps = fixture_mat(file, "%s.maps", c->name);
    int n = maps->cols;
    for (int l = 0; l < c->layers; l++) {
        mix[l] = mat_new(n, n);
        rollout_mix(mix[l], mat_rows(*maps, l * c->heads * n, c->heads * n), c->heads);
    }
    return n;
}

static void free_case(const Case *c, Mat *maps, Mat *mix) {
    for (int l = 0; l < c->layers; l++) mat_free(&mix[l]);
    mat_free(maps);
}

static void expect_near(const char *what, const char *name, double got, double expected, double tolerance) {
    if (!(fabs(got - expected) <= tolerance)) wrong("%s of %s: %.9g, expected %.9g", what, name, got, expected);
}

static void expect_cells(const char *what, const char *name, Mat got, const double *expected, double tolerance) {
    for (int i = 0; i < got.rows; i++)
        for (int j = 0; j < got.cols; j++)
            expect_near(what, name, (double)mat_at(got, i, j), expected[(size_t)i * (size_t)got.cols + (size_t)j],
                        tolerance);
}

/* ---- rollout ---- */

static void rollout_equals_numpy(void **state) {
    (void)state;
    Safetensors file = fixture_open();
    for (int k = 0; k < CASES; k++) {
        const Case *c = &cases[k];
        Mat maps, mix[MOST_LAYERS], rolled[MOST_LAYERS];
        int n = read_case(&file, c, &maps, mix);
        double *expected = fixture_doubles(&file, "%s.rollout", c->name);
        for (int l = 0; l < c->layers; l++) rolled[l] = mat_new(n, n);
        rollout_roll(rolled, mix, c->layers);
        for (int l = 0; l < c->layers; l++) {
            expect_cells("rollout", c->name, rolled[l], expected + (size_t)l * (size_t)n * (size_t)n, 2e-6);
            mat_free(&rolled[l]);
        }
        memory_free(expected);
        free_case(c, &maps, mix);
    }
    safetensors_close(&file);
}

/* Two tokens, one head of (1 0; .5 .5): the mix is (1 0; .25 .75), and twice that (1 0; .4375 .5625). */
static void rollout_by_hand(void **state) {
    (void)state;
    float map[] = {1, 0, 0.5f, 0.5f};
    Mat mix[2] = {mat_new(2, 2), mat_new(2, 2)}, rolled[2] = {mat_new(2, 2), mat_new(2, 2)};
    for (int l = 0; l < 2; l++) rollout_mix(mix[l], (Mat){map, 2, 2, 2}, 1);
    mat_row(rolled[1], 1)[0] = 7; /* what was there before counts for nothing */
    rollout_roll(rolled, mix, 2);
    expect_cells("mix", "two tokens", mix[1], (double[]){1, 0, 0.25, 0.75}, 0);
    expect_cells("rollout", "two tokens", rolled[1], (double[]){1, 0, 0.4375, 0.5625}, 0);
    /* column 0 is in sight of both, column 1 of its own token: (1/2 0; 1/8 3/4), rows to 1: (1 0; 1/7 6/7) */
    rollout_even_field(mix[0], (Mask){.causal = true});
    expect_cells("even field", "two tokens", mix[0], (double[]){1, 0, 1 / 7.0, 6 / 7.0}, 1e-7);
    rollout_even_field(mix[1], (Mask){0});
    expect_cells("even field", "no mask", mix[1], (double[]){1, 0, 0.25, 0.75}, 1e-7);
    /* token 1 may not see itself, but has its residual: (1/2 0; 1/4 1/2) becomes (1 0; 1/3 2/3) */
    mat_copy(mix[0], (Mat){map, 2, 2, 2});
    rollout_even_field(mix[0], (Mask){.picture = (bool[]){true, false, true, false}, .tokens = 2});
    expect_cells("even field", "no diagonal", mix[0], (double[]){1, 0, 1 / 3.0, 2 / 3.0}, 1e-7);
    for (int l = 0; l < 2; l++) mat_free(&mix[l]), mat_free(&rolled[l]);
}

/* ---- flow ---- */

static void flow_equals_networkx(void **state) {
    (void)state;
    Safetensors file = fixture_open();
    for (int k = 0; k < CASES; k++) {
        const Case *c = &cases[k];
        Mat maps, mix[MOST_LAYERS];
        int n = read_case(&file, c, &maps, mix);
        for (int even = 0; even < 1 + c->mask.causal; even++) {
            for (int l = 0; even && l < c->layers; l++) rollout_even_field(mix[l], c->mask);
            Workers *workers = workers_new(2);
            Flow *flow = flow_new(mix, c->layers, workers);
            double *expected = fixture_doubles(&file, "%s.%s", c->name, even ? "even" : "flow");
            Mat out = mat_new(n, n);
            int step = n / 6 > 1 ? n / 6 : 1;
            flow_rows(flow, workers, 0, out);
            for (int i = 0; i < n; i += step)
                expect_cells(even ? "even flow" : "flow", c->name, mat_rows(out, i, 1), expected + i / step * n, 2e-6);
            flow_rows(flow, NULL, 0, mat_rows(out, n - 1, 1));
            expect_cells("one row's flow", c->name, mat_rows(out, n - 1, 1), expected, 2e-6);
            mat_free(&out), memory_free(expected);
            flow_free(flow), workers_free(workers);
        }
        free_case(c, &maps, mix);
    }
    safetensors_close(&file);
}

/* From token 0 to token 1, by hand: above (.9 .1; .3 .7), below (.6 .4; .5 .5). Over 0: min(.9, .4); over 1: min(.1,
 * .5). To token 0: min(.9, .6) + min(.1, .5). A path of products, as rollout has it, would say .41 and .59. */
static void flow_by_hand(void **state) {
    (void)state;
    float below[] = {0.6f, 0.4f, 0.5f, 0.5f}, above[] = {0.9f, 0.1f, 0.3f, 0.7f};
    const Mat mix[] = {{below, 2, 2, 2}, {above, 2, 2, 2}};
    Mat out = mat_new(2, 2);
    Flow *flow = flow_new(mix, 2, NULL);
    flow_rows(flow, NULL, 0, out);
    expect_cells("flow", "two tokens", out, (double[]){0.7, 0.5, 0.8, 0.8}, 1e-6);
    map_shares(out);
    expect_cells("shares", "two tokens", out, (double[]){7 / 12.0, 5 / 12.0, 0.5, 0.5}, 1e-6);
    mat_fill(out, 0);
    map_shares(out);
    assert_true(mat_max_abs(out) == 0);
    flow_free(flow), mat_free(&out);
}

/* Three tokens; from 0 half of 1 goes to 0 and to 1, and 1 leads on to 0 alone. The first way that is found, 0 0 0,
 * takes all that 0 lets through, and must be sent over 0 1 instead before the other half can pass. */
static void flow_takes_back(void **state) {
    (void)state;
    float low[] = {0.5f, 0.5f, 0, 0.5f, 0.5f, 0, 0, 0, 1}, middle[] = {0.5f, 0.5f, 0, 1, 0, 0, 0, 0, 1},
          high[] = {0.5f, 0.5f, 0, 0, 1, 0, 0, 0, 1};
    const Mat mix[] = {{low, 3, 3, 3}, {middle, 3, 3, 3}, {high, 3, 3, 3}};
    float row[3];
    Flow *flow = flow_new(mix, 3, NULL);
    for (int again = 0; again < 2; again++) {
        flow_rows(flow, NULL, 0, (Mat){row, 1, 3, 3});
        assert_float_equal(row[0], 1, 1e-6);
        assert_float_equal(row[1], 1, 1e-6);
        assert_true(row[2] == 0);
    }
    flow_free(flow);
}

/* ---- divergence ---- */

static void divergences_equal_numpy(void **state) {
    (void)state;
    Safetensors file = fixture_open();
    for (int k = 0; k < CASES; k++) {
        const Case *c = &cases[k];
        Mat maps, mix[MOST_LAYERS], heads[MOST_LAYERS * 3];
        int n = read_case(&file, c, &maps, mix), count = c->layers * c->heads;
        double rows[67], *expected = fixture_doubles(&file, "%s.rows", c->name);
        for (int h = 0; h < count; h++) heads[h] = mat_rows(maps, h * n, n);
        map_row_divergence(rows, heads[0], heads[count - c->heads]);
        for (int i = 0; i < n; i++) expect_near("row divergence", c->name, rows[i], expected[i], 1e-7);
        memory_free(expected);
        Mat distance = mat_new(count, count);
        mat_row(distance, 0)[0] = 7;
        head_distances(distance, heads, count, NULL);
        expected = fixture_doubles(&file, "%s.distance", c->name);
        expect_cells("distance", c->name, distance, expected, 1e-6);
        memory_free(expected);
        expected = fixture_doubles(&file, "%s.change", c->name);
        Mat first = mat_new(n, n), last = mat_new(n, n);
        maps_mean(first, mat_rows(maps, 0, c->heads * n), c->heads);
        maps_mean(last, mat_rows(maps, (c->layers - 1) * c->heads * n, c->heads * n), c->heads);
        expect_near("flow change", c->name, flow_change(first, last), *expected, 1e-6);
        memory_free(expected);
        mat_free(&first), mat_free(&last), mat_free(&distance);
        free_case(c, &maps, mix);
    }
    safetensors_close(&file);
}

static void divergence_at_its_ends(void **state) {
    (void)state;
    float one[] = {1, 0, 0, 1, 0, 0}, other[] = {0, 1, 0, 1, 0, 0};
    Mat a = {one, 3, 2, 2}, b = {other, 3, 2, 2};
    double rows[3];
    map_row_divergence(rows, a, b); /* no key in common; nothing in common with an empty row; two empty rows */
    expect_near("rows", "apart", rows[0], log(2), 1e-12);
    map_row_divergence(rows, (Mat){one, 1, 2, 2}, (Mat){one + 4, 1, 2, 2});
    expect_near("rows", "half empty", rows[0], log(2) / 2, 1e-12);
    assert_true(flow_change((Mat){one, 1, 2, 2}, (Mat){one + 4, 1, 2, 2}) == 0);
    expect_near("flow change", "apart", flow_change((Mat){one, 1, 2, 2}, (Mat){other, 1, 2, 2}), sqrt(log(2)), 1e-12);
}

/* ---- a map of points ---- */

static double stress_of(Mat wanted) {
    Mat points = mat_new(wanted.rows, 2);
    double stress = scaling_plane(points, wanted), mean[2] = {0};
    for (int i = 0; i < points.rows; i++)
        for (int k = 0; k < 2; k++) mean[k] += (double)mat_at(points, i, k);
    assert_true(mat_max_abs(points) < 10); /* and not NaN */
    expect_near("the middle", "points", fabs(mean[0]) + fabs(mean[1]), 0, 1e-4);
    mat_free(&points);
    return stress;
}

/* Corners of a rectangle, 3 by 4: distances 3, 4, 5 can be met, and the longer side lies across. */
static void true_maps_are_found(void **state) {
    (void)state;
    float d[] = {0, 4, 3, 5, 4, 0, 5, 3, 3, 5, 0, 4, 5, 3, 4, 0};
    Mat points = mat_new(4, 2), wanted = {d, 4, 4, 4};
    expect_near("stress", "a rectangle", scaling_plane(points, wanted), 0, 1e-6);
    static const double corners[] = {2, 1.5, -2, 1.5, 2, -1.5, -2, -1.5};
    expect_cells("corners", "a rectangle", points, corners, 1e-4);
    mat_free(&points);
    float zeros[9] = {0}, two[] = {0, 0.3f, 0.3f, 0};
    assert_true(stress_of((Mat){zeros, 1, 1, 1}) == 0);
    assert_true(stress_of((Mat){zeros, 3, 3, 3}) == 0);
    expect_near("stress", "two points", stress_of((Mat){two, 2, 2, 2}), 0, 1e-6);
}

/* Twelve points of four dimensions have no true map; ours is within a twentieth of the best of many random starts. */
static void a_flat_map_is_a_good_one(void **state) {
    (void)state;
    Safetensors file = fixture_open();
    double *d = fixture_doubles(&file, "plane.wanted"), *best = fixture_doubles(&file, "plane.stress");
    Mat wanted = mat_new(12, 12);
    for (int i = 0; i < 144; i++) wanted.data[i / 12 * wanted.stride + i % 12] = (float)d[i];
    double stress = stress_of(wanted);
    if (!(stress >= *best - 1e-6 && stress <= 1.05 * *best)) wrong("stress %.6f, the best is %.6f", stress, *best);
    mat_free(&wanted), memory_free(d), memory_free(best);
    safetensors_close(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rollout_equals_numpy),    cmocka_unit_test(rollout_by_hand),
        cmocka_unit_test(flow_equals_networkx),    cmocka_unit_test(flow_by_hand),
        cmocka_unit_test(flow_takes_back),         cmocka_unit_test(divergences_equal_numpy),
        cmocka_unit_test(divergence_at_its_ends),  cmocka_unit_test(true_maps_are_found),
        cmocka_unit_test(a_flat_map_is_a_good_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
