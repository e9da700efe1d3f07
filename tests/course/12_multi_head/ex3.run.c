#include "runner.h"

extern void layer_norm(Mat x, float eps);

void run_case(void) {
    Mat x = take_mat("x");
    layer_norm(x, (float)take_double());
    hand_mat(x);
}
