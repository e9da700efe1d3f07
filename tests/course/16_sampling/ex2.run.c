#include "runner.h"

extern void keep_top_p(float *shares, int n, double p);

void run_case(void) {
    size_t n;
    float *shares = take_floats("shares", &n);
    keep_top_p(shares, (int)n, take_double());
    hand_floats(shares, n);
}
