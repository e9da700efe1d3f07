#include "runner.h"

extern void one_hot(Mat out, const int *ids);

void run_case(void) {
    const int n = (int)take_int(), vocabulary = (int)take_int();
    const float before = (float)take_double();
    Mat out = fresh_mat("out", n, vocabulary);
    mat_fill(out, before);
    one_hot(out, keep_ints("ids", NULL));
    hand_mat(out);
}
