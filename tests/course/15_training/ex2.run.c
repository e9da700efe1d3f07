#include "runner.h"

extern int stop_early(const float *losses, int n, int patience);

void run_case(void) {
    size_t n;
    const float *losses = keep_floats("losses", &n);
    hand_int(stop_early(losses, (int)n, (int)take_int()));
}
