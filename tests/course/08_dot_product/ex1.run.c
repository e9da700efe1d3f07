#include "runner.h"

extern float cosine(const float *a, const float *b, int n);

void run_case(void) {
    size_t n;
    const float *a = keep_floats("a", &n), *b = keep_floats("b", NULL);
    hand_double((double)cosine(a, b, (int)n));
}
