/* 04.2: all merges of a piece, against the definition: one pair at a time, the one whose rule is the earliest. */
#include "judge.h"
#include "base/memory.h"
#include "text/bpe.h"
#include <string.h>

extern size_t merge_all(int *ids, size_t n, const BpeMerge *merges, int count);

enum { MOST = 40, RULES = 8 };

/* The earliest rule that has work here, and the leftmost place of its pair in *at; -1 when none has. */
static int next_rule(const int *ids, size_t n, const BpeMerge *merges, int count, size_t *at) {
    for (int k = 0; k < count; k++)
        for (*at = 0; *at + 1 < n; ++*at)
            if (ids[*at] == merges[k].left && ids[*at + 1] == merges[k].right) return k;
    return -1;
}

static size_t expect_all(int *ids, size_t n, const BpeMerge *merges, int count) {
    size_t at;
    for (int k; (k = next_rule(ids, n, merges, count, &at)) >= 0; n--) {
        ids[at] = merges[k].made;
        memmove(ids + at + 1, ids + at + 2, (n - at - 2) * sizeof *ids);
    }
    return n;
}

static void check_one(const int *given, size_t n, const BpeMerge *merges, int count) {
    int got[MOST], expected[MOST];
    memcpy(got, given, n * sizeof *got);
    memcpy(expected, given, n * sizeof *expected);
    String shown = {0};
    for (size_t i = 0; i < n; i++) string_add(&shown, " %d", given[i]);
    string_add(&shown, n ? "" : " (none)");
    string_add(&shown, "; rules");
    for (int k = 0; k < count; k++)
        string_add(&shown, " (%d, %d becomes %d)", merges[k].left, merges[k].right, merges[k].made);
    input("ids%s%s", shown.text, count ? "" : " (none)");
    size_t kept = expect_all(expected, n, merges, count), left = merge_all(got, n, merges, count);
    check_int("the number of tokens", (long long)left, (long long)kept);
    check_ints("the tokens", got, expected, kept);
    string_free(&shown);
}

/* Bytes 1 to 3, and rules whose parts are bytes or were made before; no pair has two rules. */
static void check_random(Rng *rng) {
    int ids[MOST], tokens = 3, count = 0;
    BpeMerge merges[RULES];
    for (int tries = (int)(rng_bits(rng) % (2 * RULES)); tries > 0 && count < RULES; tries--) {
        BpeMerge new = {1 + (int)(rng_bits(rng) % (unsigned)tokens), 1 + (int)(rng_bits(rng) % (unsigned)tokens),
                        tokens + 1};
        bool known = false;
        for (int k = 0; k < count; k++) known = known || (merges[k].left == new.left &&merges[k].right == new.right);
        if (!known) merges[count++] = new, tokens++;
    }
    size_t n = rng_bits(rng) % MOST;
    for (size_t i = 0; i < n; i++) ids[i] = 1 + (int)(rng_bits(rng) % 3);
    check_one(ids, n, merges, count);
}

void check(void) {
    check_one((const int[]){1, 2, 3}, 3, (const BpeMerge[]){{2, 3, 9}, {1, 2, 10}}, 2);
    check_one((const int[]){3, 1, 1, 2, 1, 1, 2}, 7, (const BpeMerge[]){{1, 1, 9}, {9, 2, 10}, {10, 10, 11}}, 3);
    check_one((const int[]){1, 1, 1, 1, 1}, 5, (const BpeMerge[]){{1, 1, 9}, {9, 9, 10}}, 2);
    check_one((const int[]){1, 1, 1}, 3, (const BpeMerge[]){{1, 1, 9}, {1, 9, 10}}, 2);
    check_one((const int[]){1, 2}, 2, NULL, 0);
    check_one((const int[]){1}, 1, (const BpeMerge[]){{1, 1, 9}}, 1);
    check_one((const int[]){1}, 0, (const BpeMerge[]){{1, 1, 9}}, 1);
    Rng rng = check_rng();
    for (int round = 0; round < 2000; round++) check_random(&rng);
}
