#include "runner.h"

extern double clip_gradient(float *g, size_t n, double most);

void run_case(void) {
    size_t n;
    float *g = take_floats("g", &n);
    hand_double(clip_gradient(g, n, take_double()));
    hand_floats(g, n);
}
