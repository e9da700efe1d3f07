/* Products and views of math/mat against double loops. */
#include "fixture.h"

#include <cblas.h>

typedef enum { NN, NT, TN } Form;

static Mat operand(Rng *rng, Guarded *room, int rows, int cols) {
    *room = guarded_random(rng, rows, cols);
    return room->view;
}

/* The double loop that defines all three products; sizes gets the sum of |terms|, for the error bound. */
static double dot_of(Form form, Mat a, Mat b, int i, int j, int inner, double *sizes) {
    double sum = 0;
    for (int k = 0; k < inner; k++) {
        double x = (double)(form == TN ? mat_at(a, k, i) : mat_at(a, i, k));
        double y = (double)(form == NT ? mat_at(b, j, k) : mat_at(b, k, j));
        sum += x * y;
        *sizes += fabs(x * y);
    }
    return sum;
}

static void check_product(Rng *rng, Form form, int n, int m, int k, float alpha, float beta) {
    static void (*const product[])(Mat, float, Mat, Mat, float) = {mat_mul, mat_mul_nt, mat_mul_tn};
    Guarded a_room, b_room, out = guarded_random(rng, n, m);
    Mat a = form == TN ? operand(rng, &a_room, k, n) : operand(rng, &a_room, n, k);
    Mat b = form == NT ? operand(rng, &b_room, m, k) : operand(rng, &b_room, k, m);
    Mat before = mat_new(n, m);
    mat_copy(before, out.view);
    if (beta == 0) mat_fill(out.view, NAN); /* beta 0 means: what was there does not matter, NaN included */
    product[form](out.view, alpha, a, b, beta);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            double sizes = 0, old = beta == 0 ? 0 : (double)beta * (double)mat_at(before, i, j);
            double expected = (double)alpha * dot_of(form, a, b, i, j, k, &sizes) + old;
            double bound = sum_bound(k + 1, fabs((double)alpha) * sizes + fabs(old));
            assert_close((double)mat_at(out.view, i, j), expected, bound, "product");
        }
    assert_guard(out, 0, m);
    assert_guard(a_room, 0, a.cols);
    assert_guard(b_room, 0, b.cols);
    guarded_free(&a_room), guarded_free(&b_room), guarded_free(&out), mat_free(&before);
}

static void products_match_double_loops(void **state) {
    (void)state;
    static const int sizes[] = {0, 1, 2, 3, 7, 16, 33};
    static const float factors[][2] = {{1, 0}, {0.125f, 0}, {1, 1}, {-2, 0.5f}};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    Rng rng = test_rng(1);
    for (Form form = NN; form <= TN; form++)
        for (int i = 0; i < SIZES * SIZES * SIZES; i++)
            for (int f = 0; f < 4; f++)
                check_product(&rng, form, sizes[i % SIZES], sizes[i / SIZES % SIZES], sizes[i / SIZES / SIZES],
                              factors[f][0], factors[f][1]);
    check_product(&rng, NN, 65, 130, 900, 1, 0);
    check_product(&rng, NT, 65, 130, 900, 1, 0);
    check_product(&rng, TN, 65, 130, 900, 1, 0);
}

/* base/workers is the only parallelism: a product that starts threads of its own would nest inside it. */
static void products_run_on_one_thread(void **state) {
    (void)state;
    Rng rng = test_rng(2);
    check_product(&rng, NN, 8, 8, 8, 1, 0);
    assert_int_equal(openblas_get_num_threads(), 1);
}

static void views_share_their_owner(void **state) {
    (void)state;
    Mat m = mat_new(5, 7);
    for (int i = 0; i < 5 * 7; i++) m.data[i] = (float)i;
    assert_true(mat_row(m, 3) == m.data + 21);
    assert_true(mat_at(m, 4, 6) == 34);
    Mat c = mat_cols(m, 2, 3), r = mat_rows(m, 1, 2), both = mat_rows(mat_cols(m, 4, 2), 3, 1);
    assert_true(c.rows == 5 && c.cols == 3 && c.stride == 7 && c.data == m.data + 2);
    assert_true(r.rows == 2 && r.cols == 7 && r.stride == 7 && r.data == m.data + 7);
    assert_true(both.rows == 1 && both.cols == 2 && mat_at(both, 0, 1) == 26);
    mat_row(c, 1)[0] = -1;
    assert_true(mat_at(m, 1, 2) == -1);
    mat_free(&m);
    assert_null(m.data);
    assert_int_equal(m.rows, 0);
}

static void new_is_zeroed(void **state) {
    (void)state;
    for (int rows = 0; rows < 4; rows++)
        for (int cols = 0; cols < 4; cols++) {
            Mat m = mat_new(rows, cols);
            assert_non_null(m.data);
            assert_true(m.rows == rows && m.cols == cols && m.stride == cols);
            for (int i = 0; i < rows * cols; i++) assert_true(m.data[i] == 0);
            mat_free(&m);
        }
    Mat none = {0};
    mat_free(&none);
}

static void copy_and_fill_stay_inside(void **state) {
    (void)state;
    Rng rng = test_rng(3);
    Guarded from = guarded_random(&rng, 4, 5), to = guarded_new(4, 5), part = guarded_random(&rng, 4, 5);
    mat_copy(to.view, from.view);
    assert_true(mat_same_bits(to.view, from.view));
    assert_guard(to, 0, 5);
    mat_fill(mat_cols(part.view, 1, 3), 2.5f);
    for (int i = 0; i < 4; i++)
        for (int j = 1; j < 4; j++) assert_true(mat_at(part.view, i, j) == 2.5f);
    assert_true(mat_at(part.view, 0, 0) != 2.5f && mat_at(part.view, 3, 4) != 2.5f);
    assert_guard(part, 0, 5);
    guarded_free(&from), guarded_free(&to), guarded_free(&part);
}

static void sizes_and_differences(void **state) {
    (void)state;
    Mat empty = mat_new(0, 3), a = mat_new(3, 4), b = mat_new(3, 4);
    assert_true(mat_max_abs(empty) == 0 && mat_max_diff(empty, empty) == 0);
    mat_row(a, 0)[1] = -3, mat_row(a, 2)[3] = 2;
    assert_true(mat_max_abs(a) == 3);
    assert_true(mat_max_abs(mat_cols(a, 2, 2)) == 2);
    mat_copy(b, a);
    assert_true(mat_max_diff(a, b) == 0);
    mat_row(b, 1)[0] = -0.5f, mat_row(b, 2)[3] = 2.25f;
    assert_true(mat_max_diff(a, b) == 0.5f);
    for (int cell = 0; cell < 12; cell++) { /* a NaN is seen wherever it is, on either side */
        mat_copy(b, a);
        b.data[cell] = NAN;
        assert_true(isnan(mat_max_abs(b)));
        assert_true(isinf(mat_max_diff(a, b)) && isinf(mat_max_diff(b, a)) && isinf(mat_max_diff(b, b)));
    }
    mat_free(&empty), mat_free(&a), mat_free(&b);
}

static bool agree(float got, float expected) {
    float difference = -1;
    Mat a = {&got, 1, 1, 1}, b = {&expected, 1, 1, 1};
    bool yes = mat_agree(a, b, 1e-5f, &difference);
    assert_true(difference == mat_max_diff(a, b));
    return yes;
}

static void agree_is_absolute_below_one_and_relative_above(void **state) {
    (void)state;
    assert_true(agree(0, 0) && agree(0.9e-5f, 0) && agree(-0.9e-5f, 0));
    assert_false(agree(1.1e-5f, 0));
    assert_false(agree(0.5f + 1.2e-5f, 0.5f)); /* not relative below 1 */
    assert_true(agree(100.0009f, 100));
    assert_false(agree(100.0011f, 100));
    assert_true(agree(-100.0009f, -100));
    assert_false(agree(100, 0)); /* the second one is the reference: a wild result does not widen its own tolerance */
    assert_false(agree(NAN, 0) || agree(0, NAN) || agree(NAN, NAN));
    assert_false(agree(INFINITY, 1) || agree(1, INFINITY) || agree(INFINITY, INFINITY) || agree(-INFINITY, INFINITY));
    float difference;
    Mat empty = {0};
    assert_true(mat_agree(empty, empty, 1e-5f, &difference) && difference == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_match_double_loops),
        cmocka_unit_test(products_run_on_one_thread),
        cmocka_unit_test(views_share_their_owner),
        cmocka_unit_test(new_is_zeroed),
        cmocka_unit_test(copy_and_fill_stay_inside),
        cmocka_unit_test(sizes_and_differences),
        cmocka_unit_test(agree_is_absolute_below_one_and_relative_above),
    };
    return cmocka_run_group_tests_name("mat", tests, NULL, NULL);
}
