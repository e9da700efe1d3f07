/* 09.2: scaled scores by sums in long double, on small, wide, long, uneven and strided matrices, and on numbers of
 * which a sum in float loses one. */
#include "judge.h"
#include <math.h>

static void check_case(Mat q, Mat k) {
    Mat expected = mat_new(q.rows, k.rows);
    for (int i = 0; i < q.rows; i++)
        for (int j = 0; j < k.rows; j++) {
            long double sum = 0;
            for (int c = q.cols - 1; c >= 0; c--) sum += (long double)mat_at(q, i, c) * (long double)mat_at(k, j, c);
            mat_row(expected, i)[j] = (float)(sum / sqrtl(q.cols));
        }
    input("q is %d x %d and begins %g, k is %d x %d and begins %g; all are views, with gaps between their rows", q.rows,
          q.cols, (double)mat_at(q, 0, 0), k.rows, k.cols, (double)mat_at(k, 0, 0));
    give_mat(q), give_mat(k);
    ask();
    check_mat("the scores", got_mat(), expected, 1e-4);
    mat_free(&expected);
}

static void check_random(Rng *rng, int n, int m, int d) {
    Mat q = mat_new(n, d), k = mat_new(m, d);
    rng_normal(rng, q.data, (size_t)n * (size_t)d, 0, 1), rng_normal(rng, k.data, (size_t)m * (size_t)d, 0, 1);
    check_case(q, k);
    mat_free(&q), mat_free(&k);
}

void check(void) {
    float q[] = {1, 2}, k[] = {3, 4, -1, 0.5f}, large[] = {1e8f, 1, -1e8f}, ones[] = {1, 1, 1};
    check_case((Mat){q, 1, 2, 2}, (Mat){k, 1, 2, 2});
    check_case((Mat){q, 1, 2, 2}, (Mat){k, 2, 2, 2});
    check_case((Mat){q, 2, 1, 1}, (Mat){k, 4, 1, 1});
    check_case((Mat){large, 1, 3, 3}, (Mat){ones, 1, 3, 3}); /* in float, 1e8 + 1 is 1e8 */
    float far[] = {1000, 2000, -3000, 0}, up[] = {300, 100, 0, 9, 0, 0, 100, 9};
    check_case((Mat){far, 1, 4, 4}, (Mat){up, 2, 4, 4}); /* 250,000 and -150,000 */
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 60 : 12); i++) {
        int d = 1 + (int)(rng_bits(&rng) % 20), n = 1 + (int)(rng_bits(&rng) % 9), m = 1 + (int)(rng_bits(&rng) % 9);
        check_random(&rng, n, m, d);
    }
    check_random(&rng, 3, 2, 2103), check_random(&rng, 2103, 3, 5), check_random(&rng, 3, 2103, 5);
    check_random(&rng, 5, 64, 64);
}
