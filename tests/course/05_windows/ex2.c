/* 05.2: the number of windows, against counting them. */
#include "judge.h"

extern size_t count_windows(size_t n, size_t context, size_t stride);

static void check_one(size_t n, size_t context, size_t stride) {
    size_t expected = 0;
    for (size_t start = 0; context < n && start < n - context; start += stride) expected++;
    input("n = %zu, context = %zu, stride = %zu", n, context, stride);
    check_int("count_windows", (long long)count_windows(n, context, stride), (long long)expected);
}

void check(void) {
    check_one(10, 4, 3);
    check_one(5145, 256, 128);
    check_one(5145, 4, 4);
    for (size_t n = 0; n < 14; n++)
        for (size_t context = 1; context < 16; context++)
            for (size_t stride = 1; stride < 16; stride++) check_one(n, context, stride);
    Rng rng = check_rng();
    for (int round = 0; round < 1000; round++)
        check_one(rng_bits(&rng) % 10000, 1 + rng_bits(&rng) % 300, 1 + rng_bits(&rng) % 300);
}
