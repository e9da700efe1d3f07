/* 05.2: the number of windows, against counting them; for numbers too large to count to, against how they were made. */
#include "judge.h"

static void check_one(size_t n, size_t context, size_t stride, size_t expected) {
    input("n = %zu, context = %zu, stride = %zu", n, context, stride);
    give_int((long long)n), give_int((long long)context), give_int((long long)stride);
    ask();
    check_size("count_windows", (size_t)got_int(), expected);
}

static void check_counted(size_t n, size_t context, size_t stride) {
    size_t expected = 0;
    for (size_t start = 0; context < n && start < n - context; start += stride) expected++;
    check_one(n, context, stride, expected);
}

/* The last of `windows` starts at (windows - 1) * stride, and its last target is followed by `rest` < stride tokens. */
static void check_made(size_t windows, size_t context, size_t stride, size_t rest) {
    check_one((windows - 1) * stride + context + 1 + rest, context, stride, windows);
}

void check(void) {
    check_counted(10, 4, 3);
    check_counted(5145, 256, 128);
    check_counted(5145, 4, 4);
    for (size_t n = 0; n < 14; n++)
        for (size_t context = 1; context < 16; context++)
            for (size_t stride = 1; stride < 16; stride++) check_counted(n, context, stride);
    Rng rng = check_rng();
    for (int round = 0; round < 1000; round++)
        check_counted(rng_bits(&rng) % 10000, 1 + rng_bits(&rng) % 300, 1 + rng_bits(&rng) % 300);
    for (int shift = 20; shift < 60; shift++)
        for (size_t stride = 1; stride < 1000; stride = 3 * stride + 1) {
            const size_t windows = ((size_t)1 << shift) / stride + rng_bits(&rng) % 1000;
            check_made(windows, 1 + rng_bits(&rng) % 2000, stride, 0);
            check_made(windows, 1 + rng_bits(&rng) % 2000, stride, stride - 1);
        }
    const size_t quintillion = 1000000000000000000;
    check_made(quintillion, 4, 1, 0);
    check_made(quintillion + 1, 1024, 1, 0);
    check_made(3, quintillion + 5, quintillion - 1, quintillion - 2);
    check_made(1, quintillion, 1, 0);
    check_one(quintillion, quintillion, 1, 0);
    check_one(7, quintillion, 3, 0);
}
