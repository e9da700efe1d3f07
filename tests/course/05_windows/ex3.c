/* 05.3: the shuffle, against PyTorch's own order, which is on record for seed 123, and common/base/rng. */
#include "judge.h"
#include "base/memory.h"

/* The generator has handed out `used` numbers before. */
static void ask_one(unsigned long long seed, int used, int n) {
    input("seed %llu, n = %d%s", seed, n, used ? ", a generator that was used before" : "");
    give_int((long long)seed), give_int(used), give_int(n);
    ask();
}

static void check_one(unsigned long long seed, int used, int n) {
    int *expected = memory_new((size_t)n + 1, sizeof *expected, "an order");
    Rng rng = rng_seed(seed);
    for (int i = 0; i < used; i++) rng_bits(&rng);
    rng_permutation(&rng, expected, n);
    ask_one(seed, used, n);
    check_ints("order", got_ints((size_t)n), expected, (size_t)n);
    check_int("the generator's next number", got_int(), rng_bits(&rng));
    memory_free(expected);
}

void check(void) {
    static const int pytorch[18] = {4, 9, 16, 3, 14, 2, 12, 5, 17, 7, 13, 11, 6, 0, 10, 15, 1, 8};
    ask_one(123, 0, 18);
    check_ints("order", got_ints(18), pytorch, 18);
    for (int n = 0; n < 20; n++) check_one(7, 0, n);
    Rng seeds = check_rng();
    for (int round = 0; round < 50; round++)
        check_one(rng_bits(&seeds), round % 2 ? (int)(rng_bits(&seeds) % 700) : 0, (int)(rng_bits(&seeds) % 1000));
    check_one(5, 3, 70000);
}
