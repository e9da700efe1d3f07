/* 12.2: heads side by side, of equal and of different widths, as views and alone; many, wide and long ones. */
#include "judge.h"

/* Cuts a matrix into `count` heads of the given widths; what concatenate makes of them must be the matrix again. */
static void check_case(Mat whole, const int *widths, int count) {
    input("%d heads of %d rows, %d columns in all; the first is %d wide, and all are views", count, whole.rows,
          whole.cols, widths[0]);
    give_int(count);
    for (int h = 0, first = 0; h < count; first += widths[h++]) give_mat(mat_cols(whole, first, widths[h]));
    ask();
    check_mat("the concatenation", got_mat(), whole, 0);
}

static void check_random(Rng *rng, int n, const int *widths, int count) {
    int total = 0;
    for (int h = 0; h < count; h++) total += widths[h];
    Mat whole = mat_new(n, total);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < total; j++) mat_row(whole, i)[j] = rng_float(rng, -1, 1);
    check_case(whole, widths, count);
    mat_free(&whole);
}

void check(void) {
    float example[] = {1, 2, 9, 3, 4, 8};
    check_case((Mat){example, 2, 3, 3}, (const int[]){2, 1}, 2);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 40 : 8); i++) {
        int widths[4], count = 1 + (int)(rng_bits(&rng) % 4);
        for (int h = 0; h < count; h++) widths[h] = 1 + (int)(rng_bits(&rng) % 6);
        check_random(&rng, 1 + (int)(rng_bits(&rng) % 7), widths, count);
    }
    check_random(&rng, 3, (const int[]){64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64}, 12);
    check_random(&rng, 2103, (const int[]){3, 1}, 2);
    check_random(&rng, 2, (const int[]){300, 1, 1100, 2}, 4);
    int narrow[64];
    for (int h = 0; h < 64; h++) narrow[h] = 1 + h % 2;
    check_random(&rng, 2, narrow, 64);
}
