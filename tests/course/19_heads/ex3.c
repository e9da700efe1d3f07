/* 19.3: induction of rows that can. Expected: key by key, where the solution goes row by row. */
#include "judge.h"

#include <stdlib.h>

static double expected_of(Mat map, const int *ids, int n) {
    double *share = calloc((size_t)n, sizeof *share), sum = 0;
    int *can = calloc((size_t)n, sizeof *can), rows = 0;
    for (int key = 1; key < n; key++)
        for (int i = key; i < n; i++)
            if (ids[i] == ids[key - 1]) share[i] += (double)mat_at(map, i, key), can[i] = 1;
    for (int i = 0; i < n; i++) sum += share[i], rows += can[i];
    free(share), free(can);
    return rows ? sum / rows : 0;
}

static void ask_share(Mat map, const int *ids, double expected) {
    int n = map.rows;
    input_ints("ids", ids, (size_t)n);
    for (int i = 0; n <= 4 && i < n; i++) input_floats("a row", mat_row(map, i), (size_t)n);
    give_mat(map), give_ints(ids, (size_t)n);
    ask();
    check_float("the share", got_double(), expected, 1e-5);
}

static void by_hand(void) {
    float text[] = {1, 0, 0, 0, .5f, .5f, 0, 0, .1f, .6f, .2f, .1f, .3f, .3f, .4f, 0};
    Mat map = {text, 4, 4, 4};
    input("the example");
    ask_share(map, (const int[]){7, 8, 7, 8}, 0.5);
    input("no token stands twice");
    ask_share(map, (const int[]){7, 8, 9, 10}, 0);
    input("one token, four times"); /* rows 1, 2, 3: .5, .6 + .2, .3 + .4 + 0 */
    ask_share(map, (const int[]){0, 0, 0, 0}, (.5 + .8 + .7) / 3);
    input("no token stands twice, though they look alike in 8 bits, in 16, and as floats");
    ask_share(map, (const int[]){16777217, 16777216, 65536, 0}, 0);
    input("one row can");
    ask_share(map, (const int[]){-1, 3, 5, -1}, .3);
    float one[] = {1};
    input("one token");
    ask_share((Mat){one, 1, 1, 1}, (const int[]){3}, 0);
}

static void by_chance(Rng *rng, int n, int kinds) {
    Mat map = mat_new(n, n);
    int *ids = calloc((size_t)n, sizeof *ids);
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (double)(mat_row(map, i)[j] = rng_float(rng, 0, 1));
        for (int j = 0; j < n; j++) mat_row(map, i)[j] /= (float)sum;
        ids[i] = (int)(rng_bits(rng) % (unsigned)kinds) * 1000 - 2000;
    }
    input("a random map, %d tokens of %d kinds", n, kinds);
    ask_share(map, ids, expected_of(map, ids, n));
    free(ids), mat_free(&map);
}

/* Twice the same n tokens; every later one looks exactly where its successor stood: it is all induction. */
static void a_perfect_head(int n) {
    Mat map = mat_new(2 * n, 2 * n);
    int *ids = calloc(2 * (size_t)n, sizeof *ids);
    for (int i = 0; i < 2 * n; i++) ids[i] = i % n, mat_row(map, i)[i < n ? 0 : i - n + 1] = 1;
    input("%d tokens, twice; a head that copies", n);
    ask_share(map, ids, 1);
    free(ids), mat_free(&map);
}

void check(void) {
    by_hand();
    a_perfect_head(5), a_perfect_head(100);
    Rng rng = check_rng();
    for (int n = 2; n < 12; n++) by_chance(&rng, n, 2), by_chance(&rng, n, 5);
    by_chance(&rng, 90, 30), by_chance(&rng, 150, 4), by_chance(&rng, 1103, 300);
}
