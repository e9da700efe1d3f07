/* 17.3, hidden: nothing to hide; everything hidden; weights so small that a careless sum calls them nothing. */
#include "judge.h"

extern void hide_and_renormalise(Mat map, const bool *hide);

void check_hidden(void) {
    float same[] = {.25f, .75f}, none[] = {.25f, .75f}, tiny[] = {1, 1e-30f};
    input("map 1 x 2: 0.25 0.75, nothing hidden");
    hide_and_renormalise((Mat){same, 1, 2, 2}, (const bool[]){false, false});
    check_floats("the row", same, (const float[]){.25f, .75f}, 2, 1e-6);
    input("map 1 x 2: 0.25 0.75, both columns hidden");
    hide_and_renormalise((Mat){none, 1, 2, 2}, (const bool[]){true, true});
    check_floats("the row", none, (const float[]){0, 0}, 2, 0);
    input("map 1 x 2: 1 1e-30, column 0 hidden");
    hide_and_renormalise((Mat){tiny, 1, 2, 2}, (const bool[]){true, false});
    check_floats("the row", tiny, (const float[]){0, 1}, 2, 1e-6);
}
