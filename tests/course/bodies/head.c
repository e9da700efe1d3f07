/* A head of stage 09 against the library's: its queries, scores, weights and contexts. */
#include "judge.h"
#include "attention/attention.h"
#include "math/init.h"

#include <math.h>

static void one_case(Rng *rng, int n, int width, int d, float size, double temperature) {
    Mat given[4] = {mat_new(n, width), mat_new(d, width), mat_new(d, width), mat_new(d, width)};
    Mat q = mat_new(n, d), k = mat_new(n, d), v = mat_new(n, d), out = mat_new(n, d), map = mat_new(n, n);
    Mat scores = mat_new(n, n);
    for (int i = 0; i < 4; i++) {
        init_normal(rng, given[i]);
        for (int r = 0; r < given[i].rows; r++)
            for (int c = 0; c < width; c++) mat_row(given[i], r)[c] *= size;
    }
    mat_mul_nt(q, 1, given[0], given[1], 0), mat_mul_nt(k, 1, given[0], given[2], 0);
    mat_mul_nt(v, 1, given[0], given[3], 0), mat_mul_nt(scores, (float)(1 / sqrt(d)), q, k, 0);
    Attention head = attention_of(q, k, v, 1, (Mask){0});
    head.scale = (float)(1 / (sqrt(d) * temperature));
    attention_forward(head, out, map);
    input("%d words of width %d, a head of width %d, temperature %g, numbers of about %g", n, width, d, temperature,
          (double)size);
    give_double(temperature);
    for (int i = 0; i < 4; i++) give_mat(given[i]);
    ask();
    const double about = fmax(1, (double)size * (double)size * width);
    check_mat("the queries", got_mat(), q, 1e-5 * about),
        check_mat("the scores", got_mat(), scores, 1e-4 * about * about);
    check_mat("the weights", got_mat(), map, 1e-4), check_mat("the contexts", got_mat(), out, 2e-4 * about);
    for (int i = 0; i < 4; i++) mat_free(&given[i]);
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&out), mat_free(&map), mat_free(&scores);
}

void check(void) {
    Rng rng = check_rng();
    one_case(&rng, 1, 1, 1, 1, 1);
    one_case(&rng, 2, 3, 2, 1, 1);
    one_case(&rng, 5, 4, 3, 0.7f, 1);
    one_case(&rng, 6, 3, 5, 0.7f, 0.5);
    one_case(&rng, 6, 5, 2, 0.5f, 4);
    one_case(&rng, 4, 6, 6, 8, 1); /* scores of thousands: exp of them is no number */
    for (int i = 0; i < 6; i++) one_case(&rng, 3 + 4 * i, 2 + i, 1 + i % 5, 0.6f, 1 + i % 3);
}
