/* One row of a mask: which keys the rule allows, and the ranges that walk them. */
#include "runner.h"
#include "bodies/masks.h"

enum { MOST_SPANS = 4096 };

void run_case(void) {
    Mask mask = mask_from_numbers(keep_ints("mask", NULL));
    const int n = (int)take_int(), query = (int)take_int();
    size_t tokens;
    mask.global_at = keep_bools("global_at", &tokens);
    if (!tokens) mask.global_at = NULL;
    mask.tokens = (int)tokens;
    int *allowed = fresh_room("allowed", (size_t)n, sizeof *allowed), spans[3 * MOST_SPANS];
    size_t count = 0;
    for (int key = 0; key < n; key++) allowed[key] = mask_allows(mask, query, key);
    for (Span s = {0}; count < 3 * MOST_SPANS && mask_next_span(mask, n, query, &s);)
        spans[count++] = s.first, spans[count++] = s.end, spans[count++] = s.step;
    hand_ints(allowed, (size_t)n);
    hand_int((long long)count), hand_ints(spans, count);
}
