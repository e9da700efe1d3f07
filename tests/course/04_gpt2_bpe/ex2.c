/* 04.2: all merges of a piece, against the definition: one pair at a time, the one whose rule is the earliest. */
#include "judge.h"
#include "base/memory.h"
#include "text/bpe.h"
#include <string.h>

enum { MOST = 2103, RULES = 1103, SHOWN = 40, BEHIND = 2 };

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

static void describe(const int *ids, size_t n, const BpeMerge *merges, int count) {
    String shown = {0};
    for (size_t i = 0; i < n && i < SHOWN; i++) string_add(&shown, " %d", ids[i]);
    string_add(&shown, "%s, n %zu; rules", n > SHOWN ? " ..." : n ? "" : " (none)", n);
    for (int k = 0; k < count; k++)
        string_add(&shown, " (%d, %d becomes %d)", merges[k].left, merges[k].right, merges[k].made);
    input("ids%s%s", shown.text, count ? "" : " (none)");
    string_free(&shown);
}

/* Behind the piece stand two tokens that the first rule would like: they must neither be read nor written. Behind every
 * other piece stands nothing: there the memory check sees who reads on. */
static void check_one(const int *ids, size_t n, const BpeMerge *merges, int count) {
    int given[MOST + BEHIND], expected[MOST], rules[3 * RULES + 1];
    const size_t behind = n % 2 ? BEHIND : 0;
    memcpy(given, ids, n * sizeof *given);
    memcpy(expected, ids, n * sizeof *expected);
    given[n] = count ? merges[0].right : 1, given[n + 1] = count ? merges[0].left : 1;
    for (int k = 0; k < count; k++)
        rules[3 * k] = merges[k].left, rules[3 * k + 1] = merges[k].right, rules[3 * k + 2] = merges[k].made;
    const size_t kept = expect_all(expected, n, merges, count);
    describe(ids, n, merges, count);
    give_ints(given, n + behind), give_int((long long)n), give_ints(rules, 3 * (size_t)count);
    ask();
    check_int("the number of tokens", got_int(), (long long)kept);
    const int *got = got_ints(n + behind);
    check_ints("the tokens", got, expected, kept);
    check_ints("what stands behind ids[n - 1]", got + n, given + n, behind);
}

/* At most `most` rules whose parts are bytes 1 to 3 or were made before; no pair has two rules. A token that is made
 * gets the next number, or one that is far off. Returns how many rules. */
static int any_rules(Rng *rng, BpeMerge *merges, int most, bool far) {
    int tokens[3 + RULES] = {1, 2, 3}, count = 0;
    for (int tries = 2 * most; tries > 0 && count < most; tries--) {
        BpeMerge new = {tokens[rng_bits(rng) % (unsigned)(3 + count)], tokens[rng_bits(rng) % (unsigned)(3 + count)],
                        far ? 100000 - 1009 * count : 4 + count};
        bool known = false;
        for (int k = 0; k < count; k++) known = known || (merges[k].left == new.left &&merges[k].right == new.right);
        if (!known) merges[count] = new, tokens[3 + count++] = new.made;
    }
    return count;
}

static void check_random(Rng *rng, size_t n, int most, bool far) {
    int ids[MOST];
    BpeMerge merges[RULES];
    const int count = any_rules(rng, merges, most, far);
    for (size_t i = 0; i < n; i++) ids[i] = 1 + (int)(rng_bits(rng) % 3);
    check_one(ids, n, merges, count);
}

/* Only the last one of many rules has work. */
static void check_last_rule(void) {
    BpeMerge merges[RULES];
    for (int k = 0; k < RULES; k++) merges[k] = (BpeMerge){10 + k, 10 + k, 1000 + k};
    merges[RULES - 1] = (BpeMerge){1, 2, 9};
    check_one((const int[]){1, 2, 3, 1, 2}, 5, merges, RULES);
}

void check(void) {
    check_one((const int[]){1, 2, 3}, 3, (const BpeMerge[]){{2, 3, 9}, {1, 2, 10}}, 2);
    check_one((const int[]){3, 1, 1, 2, 1, 1, 2}, 7, (const BpeMerge[]){{1, 1, 9}, {9, 2, 10}, {10, 10, 11}}, 3);
    check_one((const int[]){1, 1, 1, 1, 1}, 5, (const BpeMerge[]){{1, 1, 9}, {9, 9, 10}}, 2);
    check_one((const int[]){1, 1, 1}, 3, (const BpeMerge[]){{1, 1, 9}, {1, 9, 10}}, 2);
    check_one((const int[]){1, 2}, 2, NULL, 0);
    check_one((const int[]){1}, 1, (const BpeMerge[]){{1, 1, 9}}, 1);
    check_one((const int[]){1}, 0, (const BpeMerge[]){{1, 1, 9}}, 1);
    check_one((const int[]){2, 1}, 2, (const BpeMerge[]){{1, 2, 9}}, 1);
    /* Tokens that look like others in 8 bits, in 16, in three digits and in five. */
    check_one((const int[]){3, 3, 2, 1, 2}, 5, (const BpeMerge[]){{3, 3, 257}, {1, 2, 258}}, 2);
    check_one((const int[]){3, 3, 2, 1, 2}, 5, (const BpeMerge[]){{3, 3, 65537}, {1, 2, 50256}}, 2);
    check_one((const int[]){1, 3, 3, 2, 2}, 5, (const BpeMerge[]){{3, 3, 1002}, {2, 2, 300}}, 2);
    check_one((const int[]){3, 3, 3, 3, 2, 2}, 6, (const BpeMerge[]){{3, 3, 65538}, {2, 2, 300}}, 2);
    check_one((const int[]){2, 2, 1, 3, 3}, 5, (const BpeMerge[]){{3, 3, 100002}, {1, 100002, 300}}, 2);
    Rng rng = check_rng();
    for (int round = 0; round < 2000; round++)
        check_random(&rng, rng_bits(&rng) % 40, (int)(rng_bits(&rng) % 9), round % 4 == 3);
    for (int round = 0; round < 5; round++) check_random(&rng, 500 - rng_bits(&rng) % 9, 60, round % 2);
    check_random(&rng, MOST, 60, false);
    check_last_rule();
}
