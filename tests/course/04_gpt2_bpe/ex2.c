/* 04.2: one merge everywhere, against a loop that looks for the first pair again after each merge. */
#include "course.h"
#include "base/memory.h"
#include <string.h>

extern size_t merge_everywhere(int *ids, size_t n, int left, int right, int made);

/* From `from` on, the place of the next pair, or n. */
static size_t next_pair(const int *ids, size_t n, size_t from, int left, int right) {
    while (from + 1 < n && !(ids[from] == left && ids[from + 1] == right)) from++;
    return from + 1 < n ? from : n;
}

static void check_one(const int *given, size_t n, int left, int right) {
    int got[64], expected[64];
    size_t kept = n;
    memcpy(got, given, n * sizeof *got);
    memcpy(expected, given, n * sizeof *expected);
    for (size_t at = 0; (at = next_pair(expected, kept, at, left, right)) < kept; at++) {
        expected[at] = 99;
        memmove(expected + at + 1, expected + at + 2, (kept - at - 2) * sizeof *expected);
        kept--;
    }
    String shown = {0};
    for (size_t i = 0; i < n; i++) string_add(&shown, " %d", given[i]);
    input("ids%s, left %d, right %d, made 99", shown.text ? shown.text : " (none)", left, right);
    size_t count = merge_everywhere(got, n, left, right, 99);
    check_int("the number of tokens", (long long)count, (long long)kept);
    check_ints("the tokens", got, expected, kept);
    string_free(&shown);
}

void check(void) {
    check_one((const int[]){1, 1, 1, 2, 1, 1}, 6, 1, 1);
    check_one((const int[]){1, 2}, 2, 1, 2);
    check_one((const int[]){2, 1}, 2, 1, 2);
    check_one((const int[]){1}, 1, 1, 1);
    check_one((const int[]){1}, 0, 1, 1);
    check_one((const int[]){1, 2, 1, 2, 2, 1}, 6, 1, 2);
    Rng rng = check_rng();
    for (int round = 0; round < 2000; round++) {
        int ids[64];
        size_t n = rng_bits(&rng) % 60;
        for (size_t i = 0; i < n; i++) ids[i] = (int)(rng_bits(&rng) % 3);
        check_one(ids, n, (int)(rng_bits(&rng) % 3), (int)(rng_bits(&rng) % 3));
    }
}
