#include "runner.h"

extern void concatenate(Mat out, const Mat *heads, int count);

void run_case(void) {
    const int count = (int)take_int();
    Mat heads[64];
    int total = 0;
    for (int h = 0; h < count; h++) {
        heads[h] = keep_mat("heads[h]");
        total += heads[h].cols;
    }
    Mat out = fresh_mat("out", heads[0].rows, total);
    concatenate(out, heads, count);
    hand_mat(out);
}
