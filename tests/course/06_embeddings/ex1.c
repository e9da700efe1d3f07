/* 06.1: the pair of rows with the largest cosine in the seeded 6 x 3 table. */
#include "judge.h"
#include "math/init.h"
#include <math.h>

void check(void) {
    enum { WORDS = 6, WIDTH = 3 };
    const int seed = (int)variant_number("seed", 123);
    input("the table of 6 x 3 numbers, seed %d", seed);
    Mat table = mat_new(WORDS, WIDTH);
    Rng rng = rng_seed((uint64_t)seed);
    init_normal(&rng, table);
    double best = -2, pair[2] = {0};
    for (int i = 0; i < WORDS; i++)
        for (int j = i + 1; j < WORDS; j++) {
            double ab = 0, aa = 0, bb = 0;
            for (int c = 0; c < WIDTH; c++) {
                ab += (double)mat_at(table, i, c) * (double)mat_at(table, j, c);
                aa += (double)mat_at(table, i, c) * (double)mat_at(table, i, c);
                bb += (double)mat_at(table, j, c) * (double)mat_at(table, j, c);
            }
            if (ab / sqrt(aa * bb) > best) best = ab / sqrt(aa * bb), pair[0] = i, pair[1] = j;
        }
    mat_free(&table);
    answer_numbers("two ids", pair, 2, 0);
}
