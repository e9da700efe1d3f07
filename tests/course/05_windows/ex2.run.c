#include "runner.h"

extern size_t count_windows(size_t n, size_t context, size_t stride);

void run_case(void) {
    const size_t n = (size_t)take_int(), context = (size_t)take_int(), stride = (size_t)take_int();
    hand_int((long long)count_windows(n, context, stride));
}
