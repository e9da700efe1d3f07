/* The products of math/rows against double loops, for every way that tiles can be cut: all of it by our own tiles and,
 * in a second process, all of it by OpenBLAS. */
#include "fixture.h"
#include "math/fast/row_tiles.h"
#include "math/rows.h"

enum { MOST_ROWS = 40 }; /* beyond three tiles of the widest way */
static const int DEPTHS[] = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 65};
static const int WIDTHS[] = {1, 2, 3, 5, 7, 15, 16, 17, 31, 32, 33, 47, 67, 97};
static const int LONG_DEPTHS[] = {767, 768, 769, 1536, 1537, 2305}; /* around whole blocks of k */
#define COUNT_OF(list) (int)(sizeof(list) / sizeof *(list))

/* Every cell of out's columns first..end within the rounding bound of the double sum; bias (1, m), or without data. */
static void check_cells(Mat out, Mat x, Mat w, Mat bias, int first, int end) {
    for (int i = 0; i < out.rows; i++)
        for (int j = first; j < end; j++) {
            double sum = bias.data ? (double)bias.data[j] : 0, sizes = fabs(sum);
            for (int k = 0; k < x.cols; k++) {
                double term = (double)mat_at(x, i, k) * (double)mat_at(w, j, k);
                sum += term, sizes += fabs(term);
            }
            if (!(fabs((double)mat_at(out, i, j) - sum) <= sum_bound(x.cols + (bias.data != NULL), sizes)))
                wrong("rows %d, k %d, m %d, columns %d..%d: cell (%d, %d) is %.9g, expected %.9g", out.rows, x.cols,
                      w.rows, first, end, i, j, (double)mat_at(out, i, j), sum);
        }
}

static void check_views(Rng *rng, int n, int k, int m, int first, int end) {
    Guarded x = guarded_random(rng, n, k), w = guarded_random(rng, m, k), out = guarded_new(n, m);
    Guarded bias = guarded_random(rng, 1, m);
    rows_times_weights(out.view, x.view, w.view, NULL, first, end);
    check_cells(out.view, x.view, w.view, (Mat){0}, first, end);
    rows_times_weights(out.view, x.view, w.view, bias.view.data, first, end);
    check_cells(out.view, x.view, w.view, bias.view, first, end);
    assert_guard(out, first, end);
    guarded_free(&x), guarded_free(&w), guarded_free(&out), guarded_free(&bias);
}

static void every_row_count_depth_and_width(void **state) {
    (void)state;
    Rng rng = test_rng(10);
    for (int n = 0; n <= MOST_ROWS; n++)
        for (int d = 0; d < COUNT_OF(DEPTHS); d++)
            for (int c = 0; c < COUNT_OF(WIDTHS); c++) check_views(&rng, n, DEPTHS[d], WIDTHS[c], 0, WIDTHS[c]);
}

static void long_rows_are_cut_into_blocks(void **state) {
    (void)state;
    Rng rng = test_rng(11);
    static const int rows[] = {1, 5, 8, 11, 12, 13, 24, 37, 63, 64, 95, 96, 97, 130};
    for (int r = 0; r < COUNT_OF(rows); r++)
        for (int d = 0; d < COUNT_OF(LONG_DEPTHS); d++) check_views(&rng, rows[r], LONG_DEPTHS[d], 37, 0, 37);
}

static void only_the_range_is_written(void **state) {
    (void)state;
    Rng rng = test_rng(12);
    for (int trial = 0; trial < 1500; trial++) {
        int n = 1 + random_int(&rng, MOST_ROWS), k = 1 + random_int(&rng, 40), m = 1 + random_int(&rng, 80);
        int first = random_int(&rng, m + 1), end = first + random_int(&rng, m + 1 - first);
        check_views(&rng, n, k, m, first, end);
    }
    check_views(&rng, 9, 1000, 50, 13, 48);
    check_views(&rng, 30, 1000, 50, 13, 48);
}

/* Workers take column ranges in any cut: that must not change a bit of what our tiles compute. */
static void split_ranges_equal_the_whole_bit_for_bit(void **state) {
    (void)state;
    Rng rng = test_rng(13);
    for (int trial = 0; trial < 600; trial++) {
        int n = 1 + random_int(&rng, MOST_ROWS), m = 1 + random_int(&rng, 120);
        int k = trial % 8 ? 1 + random_int(&rng, 70) : 700 + random_int(&rng, 900);
        Mat x = random_mat(&rng, n, k), w = random_mat(&rng, m, k), whole = mat_new(n, m), parts = mat_new(n, m);
        tiles_times_weights(whole, x, w, NULL);
        for (int first = 0; first < m;) {
            int end = first + 1 + random_int(&rng, trial % 3 ? m : 7);
            if (end > m) end = m;
            tiles_times_weights(mat_cols(parts, first, end - first), x, mat_rows(w, first, end - first), NULL);
            first = end;
        }
        if (!mat_same_bits(whole, parts)) wrong("rows %d, k %d, m %d: a split changes the result", n, k, m);
        mat_free(&x), mat_free(&w), mat_free(&whole), mat_free(&parts);
    }
}

/* A block of its own for each matrix, not a float larger than needed: a sanitizer sees any load beyond. */
static Mat exact_mat(Rng *rng, int rows, int cols) {
    Mat m = {malloc((size_t)rows * (size_t)cols * sizeof(float)), rows, cols, cols};
    assert_non_null(m.data);
    mat_randomise(m, rng);
    return m;
}

static void nothing_beyond_the_last_row_is_read(void **state) {
    (void)state;
    Rng rng = test_rng(14);
    for (int trial = 0; trial < 2000; trial++) {
        int n = 1 + random_int(&rng, MOST_ROWS), k = 1 + random_int(&rng, 50), m = 1 + random_int(&rng, 70);
        Mat x = exact_mat(&rng, n, k), w = exact_mat(&rng, m, k), out = exact_mat(&rng, n, m);
        Mat bias = exact_mat(&rng, 1, m);
        rows_times_weights(out, x, w, bias.data, 0, m);
        check_cells(out, x, w, bias, 0, m);
        free(x.data), free(w.data), free(out.data), free(bias.data);
    }
}

static int bad_columns(Mat out) {
    int bad = 0;
    for (int j = 0; j < out.cols; j++)
        for (int i = 0; i < out.rows; i++)
            if (!isfinite(mat_at(out, i, j))) {
                bad++;
                break;
            }
    return bad;
}

/* The model checks its maps and logits for bad numbers: they must come out where they went in, and nowhere else. */
static void a_bad_weight_spoils_its_column_only(void **state) {
    (void)state;
    Rng rng = test_rng(15);
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int trial = 0; trial < 600; trial++) {
        int n = 1 + random_int(&rng, 30), k = 1 + random_int(&rng, 40), m = 1 + random_int(&rng, 70);
        int column = random_int(&rng, m);
        Mat x = random_mat(&rng, n, k), w = random_mat(&rng, m, k), out = mat_new(n, m);
        mat_row(w, column)[random_int(&rng, k)] = bad[trial % 3];
        rows_times_weights(out, x, w, NULL, 0, m);
        for (int i = 0; i < n; i++)
            if (isfinite(mat_at(out, i, column))) wrong("rows %d, k %d, m %d: row %d hides the bad weight", n, k, m, i);
        assert_int_equal(bad_columns(out), 1);
        mat_free(&x), mat_free(&w), mat_free(&out);
    }
}

/* Each of the two ways adds a later block of k to the first; a result of an earlier call must never be added. */
static void what_was_there_before_does_not_matter(void **state) {
    (void)state;
    Rng rng = test_rng(16);
    static const int rows[] = {1, 8, 11, 12, 13, 40};
    for (int r = 0; r < COUNT_OF(rows); r++) {
        Mat x = random_mat(&rng, rows[r], 1600), w = random_mat(&rng, 45, 1600), a = mat_new(rows[r], 45),
            b = mat_new(rows[r], 45);
        mat_fill(b, NAN);
        rows_times_weights(a, x, w, NULL, 0, 45);
        rows_times_weights(b, x, w, NULL, 0, 45);
        assert_true(mat_same_bits(a, b));
        mat_free(&x), mat_free(&w), mat_free(&a), mat_free(&b);
    }
}

/* ---- upright w, x that may lie, and rows of which only a part counts ---- */

static Mat turned(Mat m) {
    Mat t = mat_new(m.cols, m.rows);
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++) mat_row(t, j)[i] = mat_at(m, i, j);
    return t;
}

/* [n] ranges of 0..most-1, some of them empty; outside them x, if it is given, becomes zero. */
static RowRange *random_ranges(Rng *rng, int n, int most, Mat *x) {
    RowRange *ranges = malloc((size_t)n * sizeof *ranges);
    assert_non_null(ranges);
    for (int i = 0; i < n; i++) {
        ranges[i].first = random_int(rng, most + 1), ranges[i].end = random_int(rng, most + 1);
        for (int j = 0; x && j < most; j++)
            if (j < ranges[i].first || j >= ranges[i].end) mat_row(*x, i)[j] = 0;
    }
    return ranges;
}

/* The product against double sums; `before` is added when keep is 1. */
static void check_sums(Mat out, Mat x, Mat w, Mat before, float keep) {
    for (int i = 0; i < out.rows; i++)
        for (int j = 0; j < out.cols; j++) {
            double sum = keep * (double)mat_at(before, i, j), sizes = fabs(sum);
            for (int k = 0; k < x.cols; k++) {
                double term = (double)mat_at(x, i, k) * (double)mat_at(w, k, j);
                sum += term, sizes += fabs(term);
            }
            if (!(fabs((double)mat_at(out, i, j) - sum) <= sum_bound(x.cols + 1, sizes)))
                wrong("(%d, %d) times (%d, %d), keep %g: cell (%d, %d) is %.9g, expected %.9g", x.rows, x.cols, w.rows,
                      w.cols, (double)keep, i, j, (double)mat_at(out, i, j), sum);
        }
}

static void upright_weights_and_lying_rows(void **state) {
    (void)state;
    Rng rng = test_rng(18);
    for (int trial = 0; trial < 1500; trial++) {
        int n = 1 + random_int(&rng, MOST_ROWS), m = 1 + random_int(&rng, 80);
        int k = trial % 50 ? random_int(&rng, 70) : 760 + random_int(&rng, 900);
        float keep = (float)(trial % 2);
        Mat x = random_mat(&rng, n, k), before = random_mat(&rng, n, m);
        RowRange *steps = trial % 3 ? random_ranges(&rng, n, k, &x) : NULL;
        Guarded w = guarded_random(&rng, k, m), out = guarded_new(n, m);
        Mat lying = turned(x);
        for (int way = 0; way < 2; way++) {
            mat_copy(out.view, before);
            if (way == 0) rows_times(out.view, x, w.view, keep, steps);
            else columns_times(out.view, lying, w.view, keep, steps);
            check_sums(out.view, x, w.view, before, keep);
            assert_guard(out, 0, m);
        }
        free(steps);
        mat_free(&x), mat_free(&lying), mat_free(&before);
        guarded_free(&w), guarded_free(&out);
    }
}

static void only_what_is_wanted_is_promised(void **state) {
    (void)state;
    Rng rng = test_rng(19);
    for (int trial = 0; trial < 600; trial++) {
        int n = 1 + random_int(&rng, 100), m = 1 + random_int(&rng, 100), k = 1 + random_int(&rng, 40);
        Mat x = random_mat(&rng, n, k), w = random_mat(&rng, m, k), all = mat_new(n, m);
        Guarded out = guarded_new(n, m);
        RowRange *columns = random_ranges(&rng, n, m, NULL);
        rows_times_weights_within(all, x, w, NULL);
        check_cells(all, x, w, (Mat){0}, 0, m);
        rows_times_weights_within(out.view, x, w, columns);
        for (int i = 0; i < n; i++)
            for (int j = columns[i].first; j < columns[i].end; j++)
                if (!(fabsf(mat_at(out.view, i, j) - mat_at(all, i, j)) <= 1e-5f))
                    wrong("(%d, %d): cell (%d, %d) is missing", n, m, i, j);
        assert_guard(out, 0, m);
        free(columns);
        mat_free(&x), mat_free(&w), mat_free(&all), guarded_free(&out);
    }
}

/* Work that a range spares is not done: what lies outside may be anything, here a number that would be seen. */
static void steps_outside_are_not_multiplied(void **state) {
    (void)state;
    Rng rng = test_rng(20);
    enum { N = 24, K = 64, M = 40 };
    Mat x = random_mat(&rng, N, K), w = random_mat(&rng, K, M), lying, out = mat_new(N, M);
    RowRange steps[N];
    for (int i = 0; i < N; i++) {
        steps[i] = (RowRange){10, 30};
        for (int j = 0; j < K; j++)
            if (j < 10 || j >= 30) mat_row(x, i)[j] = NAN;
    }
    lying = turned(x);
    rows_times(out, x, w, 0, steps);
    assert_true(isfinite(mat_max_abs(out)));
    columns_times(out, lying, w, 0, steps);
    assert_true(isfinite(mat_max_abs(out)));
    mat_free(&x), mat_free(&w), mat_free(&lying), mat_free(&out);
}

/* ---- who computes it ---- */

static void tiles_and_openblas_agree(void **state) {
    (void)state;
    Rng rng = test_rng(17);
    static const int rows[] = {1, 13, 64, 129};
    for (int r = 0; r < COUNT_OF(rows); r++) {
        Mat x = random_mat(&rng, rows[r], 384), w = random_mat(&rng, 193, 384), ours = mat_new(rows[r], 193);
        Mat theirs = mat_new(rows[r], 193), got = mat_new(rows[r], 193);
        float difference;
        tiles_times_weights(ours, x, w, NULL);
        mat_mul_nt(theirs, 1, x, w, 0);
        assert_true(mat_agree(ours, theirs, 1e-5f, &difference)); /* on many processors in other last bits */
        const char *asked = getenv("BLAS");
        bool tiles = asked ? strcmp(asked, "0") == 0 : tiles_fit_processor();
        rows_times_weights(got, x, w, NULL, 0, 193);
        assert_true(mat_same_bits(got, tiles ? ours : theirs));
        mat_free(&x), mat_free(&w), mat_free(&ours), mat_free(&theirs), mat_free(&got);
    }
}

typedef struct {
    const char *program, *blas;
} Again;

static void run_again(void *context) {
    const Again *again = context;
    setenv("BLAS", again->blas, 1);
    execl(again->program, again->program, (char *)NULL);
    _exit(127);
}

/* All of the above once more under BLAS=0 and BLAS=1, which is read before main. */
static void both_ways_pass_all_of_this(void **program) {
    for (int way = 0; way < 2 && !getenv("BLAS"); way++) {
        Child child = run_child(run_again, &(Again){*program, way ? "1" : "0"}, NULL);
        if (child.code != 0) wrong("BLAS=%d: ended with %d\n%s", way, child.code, child.err);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_count_depth_and_width),
        cmocka_unit_test(long_rows_are_cut_into_blocks),
        cmocka_unit_test(only_the_range_is_written),
        cmocka_unit_test(split_ranges_equal_the_whole_bit_for_bit),
        cmocka_unit_test(nothing_beyond_the_last_row_is_read),
        cmocka_unit_test(a_bad_weight_spoils_its_column_only),
        cmocka_unit_test(what_was_there_before_does_not_matter),
        cmocka_unit_test(upright_weights_and_lying_rows),
        cmocka_unit_test(only_what_is_wanted_is_promised),
        cmocka_unit_test(steps_outside_are_not_multiplied),
        cmocka_unit_test(tiles_and_openblas_agree),
        cmocka_unit_test_prestate(both_ways_pass_all_of_this, argv[0]),
    };
    (void)argc;
    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
