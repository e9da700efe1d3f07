#include "runner.h"

extern void softmax(float *scores, int n);

void run_case(void) {
    size_t n;
    float *scores = take_floats("scores", &n);
    softmax(scores, (int)n);
    hand_floats(scores, n);
}
