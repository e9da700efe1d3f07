/* Rotary positions as products of complex numbers: pair p of row r turns by (first + r) base^(-2p / d_head). */
#include "judge.h"
#include "math/init.h"

#include <complex.h>
#include <math.h>

static void one_case(Rng *rng, int n, int heads, int d_head, int first, double base, bool half_split, bool inverse) {
    Mat x = init_normal_new(rng, n, heads * d_head), expected = mat_new(n, heads * d_head);
    mat_copy(expected, x);
    for (int i = 0; i < n; i++)
        for (int h = 0; h < heads; h++)
            for (int p = 0; p < d_head / 2; p++) {
                float *head = mat_row(expected, i) + h * d_head;
                float *a = head + (half_split ? p : 2 * p), *b = head + (half_split ? p + d_head / 2 : 2 * p + 1);
                const double angle = (first + i) * pow(base, -2.0 * p / d_head) * (inverse ? -1 : 1);
                const double complex turned = ((double)*a + (double)*b * I) * (cos(angle) + sin(angle) * I);
                *a = (float)creal(turned), *b = (float)cimag(turned);
            }
    input("%d rows from position %d, %d heads of width %d, base %g%s%s", n, first, heads, d_head, base,
          half_split ? ", halves" : ", neighbours", inverse ? ", back" : "");
    give_int(heads), give_int(first), give_double(base), give_int(half_split), give_int(inverse), give_mat(x);
    ask();
    check_mat("x", got_mat(), expected, 1e-4);
    mat_free(&x), mat_free(&expected);
}

void check(void) {
    Rng rng = check_rng();
    one_case(&rng, 3, 1, 2, 0, 10000, false, false), one_case(&rng, 3, 1, 4, 0, 10000, true, false);
    one_case(&rng, 2, 2, 4, 5, 10000, false, false), one_case(&rng, 4, 3, 5, 0, 10000, false, true);
    one_case(&rng, 1, 2, 1, 3, 10000, true, false); /* a head of one number keeps it */
    for (int i = 0; i < 16; i++)
        one_case(&rng, 1 + i, 1 + i % 4, 2 + i % 7, 37 * i, i % 3 ? 10000 : 500, i % 2 != 0, i % 4 > 1);
}
