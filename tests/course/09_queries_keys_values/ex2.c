/* 09.2: scaled scores by a matrix product, on small, wide, uneven and strided matrices. */
#include "judge.h"
#include <math.h>

extern void scaled_scores(Mat scores, Mat q, Mat k);

static void check_case(Mat q, Mat k) {
    Mat got = mat_new(q.rows, k.rows), expected = mat_new(q.rows, k.rows);
    mat_fill(got, -77);
    mat_mul_nt(expected, 1 / sqrtf((float)q.cols), q, k, 0);
    input("q is %d x %d (stride %d) and begins %g, k is %d x %d and begins %g", q.rows, q.cols, q.stride,
          (double)mat_at(q, 0, 0), k.rows, k.cols, (double)mat_at(k, 0, 0));
    scaled_scores(got, q, k);
    check_mat("the scores", got, expected, 1e-4);
    mat_free(&got), mat_free(&expected);
}

void check(void) {
    float q[] = {1, 2}, k[] = {3, 4, -1, 0.5f};
    check_case((Mat){q, 1, 2, 2}, (Mat){k, 1, 2, 2});
    check_case((Mat){q, 1, 2, 2}, (Mat){k, 2, 2, 2});
    check_case((Mat){q, 2, 1, 1}, (Mat){k, 4, 1, 1});
    Mat whole = mat_new(9, 40);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 60 : 12); i++) {
        rng_normal(&rng, whole.data, 9 * 40, 0, 1);
        int d = 1 + (int)(rng_bits(&rng) % 20), n = 1 + (int)(rng_bits(&rng) % 9), m = 1 + (int)(rng_bits(&rng) % 9);
        check_case(mat_cols(mat_rows(whole, 0, n), 0, d), mat_cols(mat_rows(whole, 0, m), 20, d));
    }
    mat_free(&whole);
}
