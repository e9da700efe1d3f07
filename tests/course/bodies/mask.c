/* The rule of a mask against the library's, and its ranges: all allowed keys, in rising order, each once, and no more
 * ranges than the library needs, twice over. */
#include "judge.h"
#include "bodies/chance.h"
#include "bodies/masks.h"

#include <stdlib.h>
#include <string.h>

/* Marks in seen [n] what the spans walk; their form is judged on the way. */
static void walk(const int *spans, size_t count, int n, int *seen) {
    int last = -1;
    for (size_t i = 0; i + 3 <= count; i += 3) {
        const int first = spans[i], end = spans[i + 1], step = spans[i + 2];
        const bool good = step >= 1 && first > last && first < end && end <= n;
        check_that(good, "ranges in rising order, inside 0..%d; got one from %d to %d in steps of %d", n, first, end,
                   step);
        if (!good) return;
        for (long long key = first; key < end; key += step) seen[key] = 1, last = (int)key;
        check_that(last == end - 1, "a range that ends behind its last key; got one from %d to %d in steps of %d",
                   first, end, step);
    }
}

static void one_row(Mask mask, int n, int query) {
    int knobs[KNOBS], *expected = calloc((size_t)n, sizeof *expected), *seen = calloc((size_t)n, sizeof *seen);
    long long most = 0;
    mask_to_numbers(mask, knobs);
    for (int key = 0; key < n; key++) expected[key] = mask_allows(mask, query, key);
    for (Span s = {0}; mask_next_span(mask, n, query, &s);) most++;
    input("query %d among %d tokens%s", query, n, mask.global_at ? ", some of them global by name" : "");
    input_ints("mask (causal window dilation global sinks stride prefix chunk valid)", knobs, KNOBS);
    give_ints(knobs, KNOBS), give_int(n), give_int(query);
    give_bools(mask.global_at, mask.global_at ? (size_t)mask.tokens : 0);
    ask();
    check_ints("which keys are allowed", got_ints((size_t)n), expected, (size_t)n);
    const long long count = got_int();
    const bool sane = count >= 0 && count <= 6 * most;
    check_that(sane, "at most %lld ranges; got %lld", 2 * most, count / 3);
    if (sane) walk(got_ints((size_t)count), (size_t)count, n, seen);
    if (sane) check_ints("the keys that the ranges walk", seen, expected, (size_t)n);
    free(expected), free(seen);
}

static Mask any_mask(Rng *rng, int n) {
    Mask m = {.causal = below(rng, 2) != 0};
    if (below(rng, 3)) m.window = 1 + below(rng, 6);
    if (below(rng, 3) == 0) m.dilation = 1 + below(rng, 3);
    if (below(rng, 4) == 0) m.global = below(rng, 4);
    if (below(rng, 4) == 0) m.sinks = below(rng, 4);
    if (below(rng, 5) == 0) m.stride = 1 + below(rng, 5);
    if (m.causal && below(rng, 4) == 0) m.prefix = below(rng, n);
    if (below(rng, 5) == 0) m.chunk = 1 + below(rng, 7);
    if (below(rng, 5) == 0) m.valid = 1 + below(rng, n);
    return m;
}

void check(void) {
    bool named[40];
    Rng rng = check_rng();
    one_row((Mask){0}, 5, 2), one_row((Mask){.causal = true}, 5, 2), one_row((Mask){.window = 2}, 6, 3);
    one_row((Mask){.causal = true, .window = 3}, 9, 7), one_row((Mask){.window = 3, .dilation = 2}, 12, 5);
    one_row((Mask){.causal = true, .window = 2, .sinks = 2}, 9, 7);
    one_row((Mask){.window = 2147483647, .dilation = 2147483647}, 9, 8); /* a product of 62 bits */
    for (int i = 0; i < (hidden() ? 400 : 60); i++) {
        const int n = 1 + below(&rng, 40);
        Mask mask = any_mask(&rng, n);
        for (int t = 0; t < n; t++) named[t] = below(&rng, 8) == 0;
        if (i % 5 == 4) mask.global_at = named, mask.tokens = n;
        one_row(mask, n, below(&rng, n));
    }
}
