#include "runner.h"

extern void linear_back(Mat dx, Mat dweight, Mat dy, Mat x, Mat weight);

void run_case(void) {
    Mat dx = take_mat("dx"), dweight = take_mat("dweight");
    Mat dy = keep_mat("dy"), x = keep_mat("x"), weight = keep_mat("weight");
    linear_back(dx, dweight, dy, x, weight);
    hand_mat(dweight), hand_mat(dx);
}
