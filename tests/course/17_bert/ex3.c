/* 17.3: hidden columns are 0, rows sum to 1 again, empty rows are zeros, and nothing beside the view is touched. */
#include "judge.h"

#include <stdio.h>

extern void hide_and_renormalise(Mat map, const bool *hide);

enum { MOST = 12 };

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
    char text[512];
    int at = snprintf(text, sizeof text, "map %d x %d, hidden columns:", map.rows, map.cols);
    for (int j = 0; j < map.cols; j++)
        if (hide[j]) at += snprintf(text + at, sizeof text - (size_t)at, " %d", j);
    at += snprintf(text + at, sizeof text - (size_t)at, "; row 0:");
    for (int j = 0; j < map.cols; j++)
        at += snprintf(text + at, sizeof text - (size_t)at, " %.2f", (double)mat_at(map, 0, j));
    input("%s", text);
}

static void try_map(Mat map, const bool *hide) {
    Mat wanted = mat_new(map.rows, map.cols);
    expect(wanted, map, hide);
    tell(map, hide);
    hide_and_renormalise(map, hide);
    check_mat("the map", map, wanted, 1e-6);
    mat_free(&wanted);
}

static void try_random(Rng *rng, int n) {
    Mat whole = mat_new(n, MOST + 3), map = mat_cols(whole, 1, n);
    mat_fill(whole, -7);
    bool hide[MOST] = {false};
    for (int j = 0; j < n; j++) hide[j] = rng_bits(rng) % 3 == 0;
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += (double)(mat_row(map, i)[j] = rng_float(rng, 0, 1));
        for (int j = 0; j < n; j++) mat_row(map, i)[j] = (float)((double)mat_at(map, i, j) / sum);
    }
    try_map(map, hide);
    for (int i = 0; i < n; i++) check_float("the cell left of a row (not yours)", (double)mat_at(whole, i, 0), -7, 0);
    for (int i = 0; i < n; i++)
        check_float("the cell right of a row (not yours)", (double)mat_at(whole, i, n + 1), -7, 0);
    mat_free(&whole);
}

void check(void) {
    float cells[] = {.5f, .3f, .2f, 1, 0, 0};
    try_map((Mat){cells, 2, 3, 3}, (const bool[]){true, false, false});
    Rng rng = check_rng();
    for (int n = 1; n <= MOST; n++) try_random(&rng, n);
}
