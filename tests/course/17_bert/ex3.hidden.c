/* 17.3, hidden: nothing to hide; everything hidden; weights so small that a careless sum calls them nothing. */
#include "judge.h"

static void try_row(const char *words, float *row, const bool *hide, float *expected, double tolerance) {
    input("%s", words);
    give_mat((Mat){row, 1, 2, 2}), give_bools(hide, 2);
    ask();
    check_mat("the row", got_mat(), (Mat){expected, 1, 2, 2}, tolerance);
}

void check_hidden(void) {
    try_row("map 1 x 2: 0.25 0.75, nothing hidden", (float[]){.25f, .75f}, (const bool[]){false, false},
            (float[]){.25f, .75f}, 1e-6);
    try_row("map 1 x 2: 0.25 0.75, both columns hidden", (float[]){.25f, .75f}, (const bool[]){true, true},
            (float[]){0, 0}, 0);
    try_row("map 1 x 2: 1 1e-30, column 0 hidden", (float[]){1, 1e-30f}, (const bool[]){true, false}, (float[]){0, 1},
            1e-6);
}
