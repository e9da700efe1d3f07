/* 20.5: the mean of a column over the queries that may see it, some of which give it nothing; and a long text. */
#include "attention/mask.h"
#include "judge.h"

#include <stdlib.h>

/* As ex5.run.c has it. */
static Mask mask_number(int which) {
    const Mask masks[] = {{0}, {.causal = true}, {.window = 2}, {.window = 2, .global = 1}, {.valid = 2}, {.chunk = 3}};
    return masks[which];
}

static void try_map(Rng *rng, int n, int which) {
    float *map = calloc((size_t)n * (size_t)n, sizeof *map), *expected = calloc((size_t)n, sizeof *expected);
    double *sum = calloc((size_t)n, sizeof *sum);
    int *count = calloc((size_t)n, sizeof *count);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (mask_allows(mask_number(which), i, j))
                map[i * n + j] = rng_bits(rng) % 3 ? rng_float(rng, 0, 1) : 0, sum[j] += (double)map[i * n + j],
                            count[j]++;
    for (int j = 0; j < n; j++)
        if (count[j]) expected[j] = (float)(sum[j] / count[j]);
    input("n = %d, mask %d", n, which);
    give_int(n), give_int(which);
    give_floats(map, (size_t)n * (size_t)n);
    ask();
    check_floats("received", got_floats((size_t)n), expected, (size_t)n, 1e-5);
    free(map), free(expected), free(count), free(sum);
}

void check(void) {
    Rng rng = check_rng();
    for (int which = 0; which < 6; which++)
        for (int n = 1; n < (hidden() ? 40 : 12); n++) try_map(&rng, n, which);
    try_map(&rng, 1103, 1);
}
