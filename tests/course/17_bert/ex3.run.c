#include "runner.h"

extern void hide_and_renormalise(Mat map, const bool *hide);

void run_case(void) {
    Mat map = take_mat("map");
    hide_and_renormalise(map, keep_bools("hide", NULL));
    hand_mat(map);
}
