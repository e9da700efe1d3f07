/* math/fast/lanes, lane_math and panel against loops over the lanes. Compiled like any test, so here a vector is as
 * wide as every processor has it (SSE2, NEON); the widest of this machine's are held by test_rows, test_lane_exp and
 * test_streaming, whose loops are nothing else. */
#include "fixture.h"
#include "math/fast/lane_math.h"
#include "math/fast/panel.h"

static void fill(Rng *rng, Lane *v, int count, float most) {
    for (int i = 0; i < count; i++)
        for (int l = 0; l < LANES; l++) v[i][l] = rng_float(rng, -most, most);
}

static void folding_and_turning(void **state) {
    (void)state;
    Rng rng = test_rng(90);
    for (int trial = 0; trial < 100; trial++) {
        Lane v[LANES], sums[LANES], tops[LANES], turned[LANES];
        fill(&rng, v, LANES, 2);
        memcpy(sums, v, sizeof v), memcpy(tops, v, sizeof v), memcpy(turned, v, sizeof v);
        Lane sum = fold_all(sums), top = fold_max(tops);
        turn_all(turned);
        for (int i = 0; i < LANES; i++) {
            double told = 0, sizes = 0;
            float most = -INFINITY;
            for (int l = 0; l < LANES; l++) {
                told += (double)v[i][l], sizes += fabs((double)v[i][l]), most = fmaxf(most, v[i][l]);
                assert_true(turned[l][i] == v[i][l]);
            }
            assert_close((double)sum[i], told, sum_bound(LANES, sizes), "fold_all");
            assert_close((double)lane_sum(v[i]), told, sum_bound(LANES, sizes), "lane_sum");
            assert_true(top[i] == most && lane_most(v[i]) == most);
        }
    }
}

static void the_larger_and_the_smaller(void **state) {
    (void)state;
    static const float odd[] = {0, 1, -1, 3e38f, -3e38f, INFINITY, -INFINITY, NAN};
    for (int a = 0; a < 8; a++)
        for (int b = 0; b < 8; b++) {
            float most = lane_max(lane_of(odd[a]), lane_of(odd[b]))[LANES - 1];
            float least = lane_min(lane_of(odd[a]), lane_of(odd[b]))[0];
            if (isnan(odd[a]) || isnan(odd[b])) {
                assert_memory_equal(&most, &odd[b], sizeof most); /* the second one */
                assert_true(isnan(odd[b]) ? isnan(least) : least == odd[b]);
            } else assert_true(most == fmaxf(odd[a], odd[b]) && least == fminf(odd[a], odd[b]));
        }
}

static void bits_forbid_lanes(void **state) {
    (void)state;
    for (unsigned word = 0; word < 1u << LANES; word++) {
        Lane kept = keep_lanes(lane_of(2), word | 1u << LANES);
        for (int l = 0; l < LANES; l++) assert_true(kept[l] == (word >> l & 1 ? 2 : -INFINITY));
    }
}

static void powers_of_two(void **state) {
    (void)state;
    double largest = 0;
    for (int i = 0; i <= 1270000; i++) {
        float x = -(float)i / 10000;
        double error = fabs((double)lane_exp2(lane_of(x))[0] / exp2((double)x) - 1);
        if (i < 1260000) largest = fmax(largest, error);
    }
    assert_true(largest < 3e-7);
    print_largest("2^x", largest, 3e-7);
    static const float nothing[] = {-127, -128, -1e30f, -INFINITY};
    for (int i = 0; i < 4; i++) assert_true(lane_exp2(lane_of(nothing[i]))[0] == 0);
    assert_true(isnan(lane_exp2(lane_of(NAN))[0]));
}

static void panels(void **state) {
    (void)state;
    enum { COLS = 3 * PANEL, STEPS = 2 * LANES + 3 };
    Rng rng = test_rng(91);
    Guarded w = guarded_random(&rng, COLS, STEPS + 5);
    float panel[(STEPS + 5) * PANEL + 1];
    for (int col = 0; col < COLS; col += 5)
        for (int n = 0; n <= STEPS; n++) {
            for (int i = 0; i <= n * PANEL; i++) panel[i] = GUARD;
            turn_panel(panel, PANEL, w.view, col, COLS - col, 2, n);
            for (int j = 0; j < n; j++)
                for (int c = 0; c < PANEL; c++)
                    assert_true(panel[j * PANEL + c] == (col + c < COLS ? mat_at(w.view, col + c, 2 + j) : 0));
            assert_true(panel[n * PANEL] == GUARD);
        }
    guarded_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_and_turning),
        cmocka_unit_test(the_larger_and_the_smaller),
        cmocka_unit_test(bits_forbid_lanes),
        cmocka_unit_test(powers_of_two),
        cmocka_unit_test(panels),
    };
    return cmocka_run_group_tests_name("lanes", tests, NULL, NULL);
}
