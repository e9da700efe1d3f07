/* 12.2: heads side by side, of equal and of different widths, as views and alone. */
#include "course.h"

extern void concatenate(Mat out, const Mat *heads, int count);

/* Cuts an n x 24 matrix into `count` heads of the given widths, each copied into a matrix of its own with a gap behind
 * its rows; what concatenate makes of them must be the matrix again. */
static void check_case(Rng *rng, int n, const int *widths, int count) {
    int total = 0;
    for (int h = 0; h < count; h++) total += widths[h];
    Mat whole = mat_new(n, total), out = mat_new(n, total), room[4], heads[4];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < total; j++) mat_row(whole, i)[j] = rng_float(rng, -1, 1);
    for (int h = 0, first = 0; h < count; first += widths[h++]) {
        room[h] = mat_new(n, widths[h] + 3);
        heads[h] = mat_cols(room[h], 2, widths[h]);
        mat_copy(heads[h], mat_cols(whole, first, widths[h]));
    }
    input("%d heads of %d rows, %d columns in all; the first is %d wide with stride %d", count, n, total, widths[0],
          heads[0].stride);
    concatenate(out, heads, count);
    check_mat("the concatenation", out, whole, 0);
    for (int h = 0; h < count; h++) mat_free(&room[h]);
    mat_free(&whole), mat_free(&out);
}

void check(void) {
    float a[] = {1, 2, 3, 4}, b[] = {9, 8}, got[6];
    input("heads 1 2 | 3 4 and 9 | 8");
    concatenate((Mat){got, 2, 3, 3}, (const Mat[]){{a, 2, 2, 2}, {b, 2, 1, 1}}, 2);
    check_floats("the concatenation", got, (const float[]){1, 2, 9, 3, 4, 8}, 6, 0);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 40 : 8); i++) {
        int widths[4], count = 1 + (int)(rng_bits(&rng) % 4);
        for (int h = 0; h < count; h++) widths[h] = 1 + (int)(rng_bits(&rng) % 6);
        check_case(&rng, 1 + (int)(rng_bits(&rng) % 7), widths, count);
    }
}
