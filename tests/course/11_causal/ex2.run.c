#include "runner.h"

extern void zero_and_renormalise(Mat weights);

void run_case(void) {
    Mat weights = take_mat("weights");
    zero_and_renormalise(weights);
    hand_mat(weights);
}
