/* 05.3: the shuffle, against PyTorch's own order, which is on record for seed 123, and common/base/rng. */
#include "judge.h"
#include "base/memory.h"

extern void mix(int *order, int n, Rng *rng);

static void check_one(unsigned long long seed, int n) {
    int *got = memory_new((size_t)n + 1, sizeof *got, "a shuffle"),
        *expected = memory_new((size_t)n + 1, sizeof *got, "one");
    Rng rng = rng_seed(seed), other = rng;
    got[n] = -1;
    rng_permutation(&other, expected, n);
    input("seed %llu, n = %d", seed, n);
    mix(got, n, &rng);
    check_ints("order", got, expected, (size_t)n);
    check_int("what stands behind the order", got[n], -1);
    check_int("the generator's next number", rng_bits(&rng), rng_bits(&other));
    memory_free(got), memory_free(expected);
}

void check(void) {
    int got[18], pytorch[18] = {4, 9, 16, 3, 14, 2, 12, 5, 17, 7, 13, 11, 6, 0, 10, 15, 1, 8};
    Rng rng = rng_seed(123);
    input("seed 123, n = 18");
    mix(got, 18, &rng);
    check_ints("order", got, pytorch, 18);
    for (int n = 0; n < 20; n++) check_one(7, n);
    Rng seeds = check_rng();
    for (int round = 0; round < 50; round++) check_one(rng_bits(&seeds), (int)(rng_bits(&seeds) % 1000));
}
