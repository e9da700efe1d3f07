/* 18.3: windows over a text, by ticking off each token when a window has predicted it. */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

static int expect(int n, int context, int stride, int *first, int *fresh) {
    bool *told = calloc((size_t)n, sizeof *told);
    int count = 0;
    while (!told[n - 1]) {
        first[count] = count * stride, fresh[count] = 0;
        for (int read = first[count]; read < first[count] + context && read < n - 1; read++) {
            fresh[count] += !told[read + 1];
            told[read + 1] = true;
        }
        count++;
    }
    free(told);
    return count;
}

static void try_text(int n, int context, int stride) {
    int *first = calloc((size_t)n, sizeof *first), *fresh = calloc((size_t)n, sizeof *fresh);
    int count = expect(n, context, stride, first, fresh);
    input("n = %d, context = %d, stride = %d", n, context, stride);
    give_int(n), give_int(context), give_int(stride);
    ask();
    check_int("the number of windows", got_int(), count);
    check_ints("first", got_ints((size_t)count), first, (size_t)count);
    check_ints("fresh", got_ints((size_t)count), fresh, (size_t)count);
    free(first), free(fresh);
}

void check(void) {
    try_text(8, 4, 2), try_text(2, 4, 2), try_text(2, 1, 1), try_text(5, 4, 4), try_text(6, 4, 4);
    try_text(9, 4, 1), try_text(9, 4, 4), try_text(300, 64, 50), try_text(3000, 1024, 1024), try_text(5145, 1024, 512);
    try_text(4097, 4096, 4096), try_text(100000, 7, 5), try_text(1100003, 1100003, 1);
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 40); i++) {
        int context = 1 + (int)(rng_bits(&rng) % 12);
        try_text(2 + (int)(rng_bits(&rng) % 40), context, 1 + (int)(rng_bits(&rng) % (unsigned)context));
    }
}
