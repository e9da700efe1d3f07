/* 17.3: hidden columns are 0, rows sum to 1 again, empty rows are zeros, and rows with hardly any weight are not; maps
 * are wide, long and uneven. */
#include "judge.h"

#include <stdio.h>

enum { MOST = 2503 };

/* What should come out, in another way than the solution's: each cell on its own. */
static void expect(Mat out, Mat map, const bool *hide) {
    for (int i = 0; i < map.rows; i++)
        for (int j = 0; j < map.cols; j++) {
            double left = 0;
            for (int c = 0; c < map.cols; c++) left += hide[c] ? 0 : (double)mat_at(map, i, c);
            mat_row(out, i)[j] = hide[j] || left <= 0 ? 0 : (float)((double)mat_at(map, i, j) / left);
        }
}

static void tell(Mat map, const bool *hide) {
    int hidden[MOST], count = 0;
    for (int j = 0; j < map.cols; j++)
        if (hide[j]) hidden[count++] = j;
    input("map %d x %d", map.rows, map.cols);
    input_ints("hidden columns", hidden, (size_t)count);
    input_floats("row 0:", mat_row(map, 0), (size_t)map.cols);
}

static void try_map(Mat map, const bool *hide) {
    Mat wanted = mat_new(map.rows, map.cols);
    expect(wanted, map, hide);
    tell(map, hide);
    give_mat(map), give_bools(hide, (size_t)map.cols);
    ask();
    check_mat("the map", got_mat(), wanted, 1e-6);
    mat_free(&wanted);
}

static void try_random(Rng *rng, int n, int m, unsigned one_of) {
    Mat map = mat_new(n, m);
    bool hide[MOST] = {false};
    for (int j = 0; j < m; j++) hide[j] = rng_bits(rng) % one_of == 0;
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < m; j++) sum += (double)(mat_row(map, i)[j] = rng_float(rng, 0, 1));
        for (int j = 0; j < m; j++) mat_row(map, i)[j] = (float)((double)mat_at(map, i, j) / sum);
    }
    try_map(map, hide);
    mat_free(&map);
}

void check(void) {
    float cells[] = {.5f, .3f, .2f, 1, 0, 0}, square[] = {.25f, .75f, 0, .5f, .25f, .25f, 0, .5f, .5f};
    float small[] = {1, 1e-20f, 3e-20f, 1e-8f, 1, 0, 1, 2e-38f, 6e-38f};
    try_map((Mat){cells, 2, 3, 3}, (const bool[]){true, false, false});
    try_map((Mat){square, 3, 3, 3}, (const bool[]){false, true, false});
    try_map((Mat){square, 3, 3, 3}, (const bool[]){false, false, false});
    try_map((Mat){square, 3, 3, 3}, (const bool[]){true, true, true});
    try_map((Mat){small, 1, 3, 3}, (const bool[]){true, false, false});
    try_map((Mat){small + 3, 1, 3, 3}, (const bool[]){false, true, false});
    try_map((Mat){small + 6, 1, 3, 3}, (const bool[]){true, false, false});
    Rng rng = check_rng();
    for (int n = 1; n <= 12; n++) try_random(&rng, n, n, 3);
    try_random(&rng, 7, 4, 3), try_random(&rng, 3, 11, 3), try_random(&rng, 2, 9, 2);
    try_random(&rng, 2, MOST, 100), try_random(&rng, MOST, 3, 2);
}
