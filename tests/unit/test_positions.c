/* attention/positions against transformers and PyTorch (tests/fixtures/makers/positions.py), against printed numbers of
 * the papers, and against what each scheme promises: a rotation keeps lengths, a bias only knows the distance. */
#include "fixture.h"
#include "attention/attention.h"
#include "attention/positions.h"

static const float TIGHT = 1e-6f; /* numbers up to 1, each from one sine or cosine */
static const float SUMS = 3e-6f;  /* a softmax and sums of a few products */

static Safetensors open_fixture(void) {
    return safetensors_open("tests/fixtures/positions/positions.safetensors");
}

/* ---- into the embedding ---- */

static void both_sinusoidal_layouts(void **state) {
    (void)state;
    Safetensors file = open_fixture();
    float worst = 0;
    for (int width = 4; width <= 64; width *= width == 16 ? 4 : 2)
        for (int apart = 0; apart < 2; apart++) {
            Mat expected = fixture_mat(&file, apart ? "timing.%d" : "sinusoidal.%d", width);
            Mat all = mat_new(40, width), late = mat_new(7, width);
            SinusoidLayout layout = apart ? SINUSOIDS_CONCATENATED : SINUSOIDS_INTERLEAVED;
            sinusoidal_table(all, 0, layout), sinusoidal_table(late, 33, layout);
            assert_mats(all, expected, TIGHT, &worst, "table");
            assert_mats(late, mat_rows(expected, 33, 7), TIGHT, &worst, "rows 33 and on");
            mat_free(&expected), mat_free(&all), mat_free(&late);
        }
    print_largest("sinusoids", (double)worst, (double)TIGHT);
    safetensors_close(&file);
}

static float dot_of_rows(Mat m, int a, int b) {
    double dot = 0;
    for (int c = 0; c < m.cols; c++) dot += (double)mat_at(m, a, c) * (double)mat_at(m, b, c);
    return (float)dot;
}

/* PE(p) . PE(p + k) depends on k alone; the numbers are goldens. */
static void sinusoids_know_the_distance(void **state) {
    (void)state;
    static const struct {
        int width, distance;
        float dot;
    } golden[] = {{64, 0, 32},        {64, 1, 30.9168f}, {64, 2, 28.3039f},  {64, 4, 23.9344f}, {64, 8, 22.4139f},
                  {64, 16, 19.3728f}, {64, 32, 19.554f}, {64, 50, 15.6738f}, {16, 0, 8},        {16, 1, 7.4852f},
                  {16, 2, 6.3683f},   {16, 4, 5.5597f},  {16, 8, 4.6972f}};
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        Mat table = mat_new(100, golden[i].width);
        sinusoidal_table(table, 0, SINUSOIDS_INTERLEAVED);
        for (int p = 0; p < 50; p++)
            assert_close((double)dot_of_rows(table, p, p + golden[i].distance), (double)golden[i].dot, 6e-5, "dot");
        mat_free(&table);
    }
    float row[8];
    sinusoidal_table((Mat){row, 1, 8, 8}, 1, SINUSOIDS_CONCATENATED);
    static const float printed[] = {.841471f, .046399f, .002154f, .0001f, .540302f, .998923f, .999998f, 1};
    for (int c = 0; c < 8; c++) assert_close((double)row[c], (double)printed[c], 6e-7, "concatenated");
    for (int width = 1; width <= 7; width += 2) { /* odd widths end in a sine or in a zero */
        row[width] = GUARD;
        sinusoidal_table((Mat){row, 1, width, 8}, 3, SINUSOIDS_CONCATENATED);
        assert_true(row[width - 1] == 0);
        if (width > 1) assert_close((double)row[0], sin(3), 1e-7, "the first sine, and the only one of width 3");
        sinusoidal_table((Mat){row, 1, width, 8}, 3, SINUSOIDS_INTERLEAVED);
        assert_close((double)row[width - 1], sin(3 * pow(10000, -(width - 1.0) / width)), 1e-7, "the last sine");
        assert_true(row[width] == GUARD);
    }
}

static void a_learned_table_is_added_and_gets_its_gradient(void **state) {
    (void)state;
    Rng rng = test_rng(70);
    Mat table = random_mat(&rng, 9, 4), x = random_mat(&rng, 3, 4), before = mat_new(3, 4), dtable = mat_new(9, 4);
    mat_copy(before, x);
    positions_add(x, table, 5);
    positions_add_backward(dtable, x, 5), positions_add_backward(dtable, x, 6);
    for (int i = 0; i < 3; i++)
        for (int c = 0; c < 4; c++) assert_true(mat_at(x, i, c) == mat_at(before, i, c) + mat_at(table, 5 + i, c));
    for (int r = 0; r < 9; r++)
        for (int c = 0; c < 4; c++) {
            float once = r >= 5 && r < 8 ? mat_at(x, r - 5, c) : 0, twice = r >= 6 ? mat_at(x, r - 6, c) : 0;
            assert_true(mat_at(dtable, r, c) == once + twice);
        }
    mat_free(&table), mat_free(&x), mat_free(&before), mat_free(&dtable);
}

/* ---- RoPE ---- */

static void rope_in_both_pairings_and_back(void **state) {
    (void)state;
    Safetensors file = open_fixture();
    Mat x = fixture_mat(&file, "rope.x"), split = fixture_mat(&file, "rope.split.y");
    Mat inter = fixture_mat(&file, "rope.inter.y"), dout = fixture_mat(&file, "rope.dout");
    Mat dx = fixture_mat(&file, "rope.split.dx"), y = mat_new(x.rows, x.cols);
    float worst = 0;
    mat_copy(y, x), rope_rotate(y, 3, 5, 10000, true, false);
    assert_mats(y, split, TIGHT, &worst, "halves");
    rope_rotate(y, 3, 5, 10000, true, true);
    assert_mats(y, x, TIGHT, &worst, "and back");
    mat_copy(y, x), rope_rotate(y, 3, 5, 10000, false, false);
    assert_mats(y, inter, TIGHT, &worst, "neighbours");
    rope_rotate(dout, 3, 5, 10000, true, true);
    assert_mats(dout, dx, TIGHT, &worst, "gradient");
    print_largest("rope", (double)worst, (double)TIGHT);
    mat_free(&x), mat_free(&split), mat_free(&inter), mat_free(&dout), mat_free(&dx), mat_free(&y);
    safetensors_close(&file);
}

static double rope_dot(int width, const float *start, int m, int n, bool half_split) {
    float q[64], k[64];
    memcpy(q, start, sizeof(float) * (size_t)width), memcpy(k, start, sizeof(float) * (size_t)width);
    rope_rotate((Mat){q, 1, width, width}, 1, m, 10000, half_split, false);
    rope_rotate((Mat){k, 1, width, width}, 1, n, 10000, half_split, false);
    double dot = 0;
    for (int c = 0; c < width; c++) dot += (double)q[c] * (double)k[c];
    return dot;
}

static void rope_prints_the_golden_numbers(void **state) {
    (void)state;
    static const float one[4] = {1, 0, 1, 0};
    static const struct {
        int m, n;
        bool half_split;
        double dot;
    } golden[] = {{0, 0, false, 2},       {0, 1, false, 1.540252}, {5, 4, false, 1.540252}, {100, 99, false, 1.540252},
                  {3, 0, false, .009558}, {0, 10, false, .155933}, {0, 1, true, 1.080605},  {3, 0, true, -1.979985}};
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++)
        assert_close(rope_dot(4, one, golden[i].m, golden[i].n, golden[i].half_split), golden[i].dot, 2e-6, "dot");
    static const int distance[] = {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
    static const double decay[] = {1, .9662, .8845, .7479, .7004, .6054, .6111, .4346, .2839, .3537, .1854};
    float ones[64];
    for (int c = 0; c < 64; c++) ones[c] = c % 2 == 0;
    for (int i = 0; i < 11; i++)
        assert_close(rope_dot(64, ones, 700, 700 - distance[i], false) / 32, decay[i], 6e-5, "decay");
}

/* ---- onto the scores ---- */

static void alibi_slopes_for_any_number_of_heads(void **state) {
    (void)state;
    static const int heads[] = {1, 2, 3, 4, 6, 8, 12, 16, 20, 25, 32};
    Safetensors file = open_fixture();
    for (int i = 0; i < 11; i++) {
        Mat expected = fixture_mat(&file, "alibi.%d", heads[i]);
        for (int h = 0; h < heads[i]; h++)
            assert_close((double)alibi_slope(h, heads[i]), (double)expected.data[h], 1e-7, "slope");
        mat_free(&expected);
    }
    safetensors_close(&file);
    static const double half[] = {.101536, .167405, .276004, .455054},
                        sixteenth[] = {.227073, .241718, .257307, .273902};
    float steep = alibi_slope(0, 8), flat = alibi_slope(3, 8);
    assert_true(steep == 0.5f && flat == 0.0625f);
    for (int kind = 0; kind < 2; kind++) {
        Mat bias = mat_new(8, 7), scores = mat_new(4, 4);
        alibi_bias(bias, 4, 0);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) mat_row(scores, i)[j] = mat_at(bias, kind ? 3 : 0, j - i + 3);
        attention_softmax(scores, 1, (Mask){.causal = true});
        for (int j = 0; j < 4; j++)
            assert_close((double)mat_at(scores, 3, j), kind ? sixteenth[j] : half[j], 6e-7, "row 4");
        mat_free(&bias), mat_free(&scores);
    }
}

static void t5_buckets_and_biases(void **state) {
    (void)state;
    Safetensors file = open_fixture();
    Ids both = fixture_ids(&file, "t5.both"), causal = fixture_ids(&file, "t5.causal");
    Ids small = fixture_ids(&file, "t5.small.both");
    assert_int_equal(both.n, 601);
    for (int i = 0; i < (int)both.n; i++) {
        assert_int_equal(t5_bucket(i - 300, true, 32, 128), both.at[i]);
        assert_int_equal(t5_bucket(i - 300, false, 32, 128), causal.at[i]);
        assert_int_equal(t5_bucket(i - 300, true, 8, 20), small.at[i]);
    }
    assert_int_equal(t5_bucket(-64, true, 32, 128), 14);
    assert_int_equal(t5_bucket(1000000, true, 32, 128), 31);
    for (int kind = 0; kind < 2; kind++) {
        Mat table = fixture_mat(&file, kind ? "t5.causal.table" : "t5.both.table"), bias = mat_new(3, 41 + 37 - 1);
        Mat expected = fixture_mat(&file, kind ? "t5.causal.bias" : "t5.both.bias"); /* (3 * 41, 37) */
        t5_bias(bias, table, 41, 0, !kind, 128);
        for (int h = 0; h < 3; h++)
            for (int i = 0; i < 41; i++)
                for (int j = 0; j < 37; j++)
                    assert_true(mat_at(bias, h, j - i + 40) == mat_at(expected, h * 41 + i, j));
        mat_free(&table), mat_free(&bias), mat_free(&expected);
    }
    memory_free(both.at), memory_free(causal.at), memory_free(small.at);
    safetensors_close(&file);
}

/* The newest words behind a key-value cache: their rows are the last rows of the whole text's. */
static void a_bias_from_the_middle_of_a_text(void **state) {
    (void)state;
    Rng rng = test_rng(72);
    enum { N = 12, NEW = 3, HEADS = 2 };
    Mat table = random_mat(&rng, 32, HEADS), whole = mat_new(HEADS, 2 * N - 1), late = mat_new(HEADS, NEW + N - 1);
    for (int kind = 0; kind < 2; kind++) {
        if (kind) t5_bias(whole, table, N, 0, true, 128), t5_bias(late, table, NEW, N - NEW, true, 128);
        else alibi_bias(whole, N, 0), alibi_bias(late, NEW, N - NEW);
        for (int h = 0; h < HEADS; h++)
            for (int i = 0; i < NEW; i++)
                for (int j = 0; j < N; j++)
                    assert_true(mat_at(late, h, j - i + NEW - 1) == mat_at(whole, h, j - (N - NEW + i) + N - 1));
    }
    mat_free(&table), mat_free(&whole), mat_free(&late);
}

static void a_bias_is_added_after_the_scaling(void **state) {
    (void)state;
    Safetensors file = open_fixture();
    Mat q = fixture_mat(&file, "biased.q"), k = fixture_mat(&file, "biased.k"), v = fixture_mat(&file, "biased.v");
    Mat bias = fixture_mat(&file, "biased.bias"), expected = fixture_mat(&file, "biased.out");
    Mat out = mat_new(q.rows, q.cols), maps = mat_new(3 * q.rows, k.rows);
    float worst = 0;
    attention_forward_with(NULL, (Attention){.q = q, .k = k, .v = v, .heads = 3, .mask = (Mask){0}, .bias = bias}, out,
                           maps);
    assert_mats(out, expected, SUMS, &worst, "biased");
    print_largest("biased", (double)worst, (double)SUMS);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&bias), mat_free(&expected), mat_free(&out), mat_free(&maps);
    safetensors_close(&file);
}

static void shaw_matches_the_equations(void **state) {
    (void)state;
    static const int row3[] = {0, 0, 1, 2, 3, 4};
    for (int j = 0; j < 6; j++) assert_int_equal(shaw_index(3, j, 2), row3[j]);
    float scores[4] = {1, 1, 1, 1}; /* to which are added, of queries 1 and 2: */
    static const float pairs[4] = {1 * 20, 1 * 30, 2 * 10, 2 * 20};
    shaw_scores((Mat){scores, 2, 2, 2}, (Mat){(float[]){1, 2}, 2, 1, 1}, (Mat){(float[]){10, 20, 30}, 3, 1, 1}, 0);
    for (int i = 0; i < 4; i++) assert_true(scores[i] == 1 + pairs[i]);
    Safetensors file = open_fixture();
    float worst = 0;
    for (int kind = 0; kind < 2; kind++) {
        const char *name = kind ? "shaw_causal" : "shaw";
        int heads = kind ? 3 : 2;
        Mat q = fixture_mat(&file, "%s.q", name), k = fixture_mat(&file, "%s.k", name);
        Mat v = fixture_mat(&file, "%s.v", name), expected = fixture_mat(&file, "%s.out", name);
        Mat expected_maps = fixture_mat(&file, "%s.maps", name), maps = mat_new(heads * q.rows, q.rows);
        Mat out = mat_new(q.rows, q.cols), keys = fixture_mat(&file, "%s.key_table", name);
        Mat values = fixture_mat(&file, "%s.value_table", name);
        Positions positions = {.scheme = position_scheme("shaw"), .table = keys, .values = values};
        positions_attention(attention_of(q, k, v, heads, (Mask){.causal = kind}), out, maps, &positions);
        assert_mats(maps, expected_maps, SUMS, &worst, name), assert_mats(out, expected, SUMS, &worst, name);
        mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&expected), mat_free(&expected_maps), mat_free(&maps);
        mat_free(&out), mat_free(&keys), mat_free(&values);
    }
    print_largest("shaw", (double)worst, (double)SUMS);
    safetensors_close(&file);
}

/* ---- the table ---- */

/* A queue of words moved along changes nothing for a scheme that knows distances only: the maps of the last rows are
 * those that the same rows have on their own, two positions earlier. */
static void relative_schemes_do_not_see_a_shift(void **state) {
    (void)state;
    Rng rng = test_rng(71);
    Mat shaw = random_mat(&rng, 5, 6), t5 = random_mat(&rng, 32, 2);
    Mat q = random_mat(&rng, 9, 12), k = random_mat(&rng, 9, 12), v = random_mat(&rng, 9, 12);
    static const char *const names[] = {"rope", "alibi", "t5", "shaw"};
    for (int s = 0; s < 4; s++) {
        Positions p = {.scheme = position_scheme(names[s]), .table = s == 3 ? shaw : t5};
        Mask window = {.causal = true, .window = 3}; /* rows 4 and on see nobody before row 2 */
        Mat out = mat_new(9, 12), maps = mat_new(18, 9), late = mat_new(7, 12), few = mat_new(14, 7),
            none = mat_new(9, 12);
        float worst = 0;
        positions_attention(attention_of(q, k, v, 2, window), out, maps, &p);
        positions_attention(attention_of(mat_rows(q, 2, 7), mat_rows(k, 2, 7), mat_rows(v, 2, 7), 2, window), late, few,
                            &p);
        assert_mats(mat_rows(late, 2, 5), mat_rows(out, 4, 5), SUMS, &worst, names[s]);
        p.scheme = position_scheme("none");
        positions_attention(attention_of(q, k, v, 2, window), none, maps, &p);
        if (mat_max_diff(none, out) < 1e-3f) wrong("%s does nothing", names[s]);
        mat_free(&out), mat_free(&maps), mat_free(&late), mat_free(&few), mat_free(&none);
    }
    mat_free(&shaw), mat_free(&t5), mat_free(&q), mat_free(&k), mat_free(&v);
}

static void schemes_by_name(void **state) {
    (void)state;
    assert_null(position_scheme("rotary"));
    for (int i = 0; i < POSITION_SCHEME_COUNT; i++) {
        assert_ptr_equal(position_scheme(POSITION_SCHEMES[i].name), &POSITION_SCHEMES[i]);
        Mat x = mat_new(3, 4), table = mat_new(5, 4), sines = mat_new(3, 4);
        mat_fill(table, 2);
        positions_embed(x, &(Positions){.scheme = &POSITION_SCHEMES[i], .table = table}, 2);
        sinusoidal_table(sines, 2, SINUSOIDS_INTERLEAVED);
        bool learned = strcmp(POSITION_SCHEMES[i].name, "learned") == 0;
        bool waves = strcmp(POSITION_SCHEMES[i].name, "sinusoidal") == 0;
        if (waves) assert_true(mat_max_diff(x, sines) == 0);
        else assert_true(mat_max_abs(x) == (learned ? 2.0f : 0.0f));
        mat_free(&x), mat_free(&table), mat_free(&sines);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sinusoidal_layouts),
        cmocka_unit_test(sinusoids_know_the_distance),
        cmocka_unit_test(a_learned_table_is_added_and_gets_its_gradient),
        cmocka_unit_test(rope_in_both_pairings_and_back),
        cmocka_unit_test(rope_prints_the_golden_numbers),
        cmocka_unit_test(alibi_slopes_for_any_number_of_heads),
        cmocka_unit_test(t5_buckets_and_biases),
        cmocka_unit_test(a_bias_from_the_middle_of_a_text),
        cmocka_unit_test(a_bias_is_added_after_the_scaling),
        cmocka_unit_test(shaw_matches_the_equations),
        cmocka_unit_test(relative_schemes_do_not_see_a_shift),
        cmocka_unit_test(schemes_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
