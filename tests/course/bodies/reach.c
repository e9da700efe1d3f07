/* Reach by its definition: a breadth-first walk from every token along the pairs that the mask allows. */
#include "judge.h"
#include "bodies/masks.h"

#include <stdlib.h>

static void walk(Mask mask, int n, int query, int *first) {
    for (int key = 0; key < n; key++) first[key] = key == query ? 0 : -1;
    for (int layer = 0, any = 1; any; layer++) {
        any = 0;
        for (int at = 0; at < n; at++)
            for (int key = 0; first[at] == layer && key < n; key++)
                if (first[key] < 0 && mask_allows(mask, at, key)) first[key] = layer + 1, any = 1;
    }
}

static void one_case(Mask mask, int n) {
    int knobs[KNOBS], *expected = calloc((size_t)n * (size_t)n, sizeof *expected);
    for (int query = 0; query < n; query++) walk(mask, n, query, expected + query * n);
    mask_to_numbers(mask, knobs);
    input("%d tokens", n);
    input_ints("mask (causal window dilation global sinks stride prefix chunk valid)", knobs, KNOBS);
    give_ints(knobs, KNOBS), give_int(n);
    ask();
    check_ints("the layers, query by query", got_ints((size_t)n * (size_t)n), expected, (size_t)n * (size_t)n);
    free(expected);
}

void check(void) {
    static const Mask masks[] = {{0},
                                 {.causal = true},
                                 {.causal = true, .window = 2},
                                 {.window = 2},
                                 {.window = 2, .global = 1},
                                 {.chunk = 3},
                                 {.valid = 2},
                                 {.window = 2, .dilation = 3},
                                 {.causal = true, .window = 2, .sinks = 1},
                                 {.causal = true, .window = 3, .stride = 3}};
    for (int i = 0; i < 10; i++) one_case(masks[i], 1), one_case(masks[i], 5), one_case(masks[i], 9);
    one_case(masks[2], 70), one_case(masks[3], 130), one_case(masks[4], 65), one_case(masks[8], 129);
}
