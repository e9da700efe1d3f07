/* 16.5: the longest shared run against trying every pair of starts, on short texts and on long ones. */
#include "judge.h"

enum { LONG = 20000, WIDE = 1000 };

static void check_case(const int *a, int n, const int *b, int m) {
    int expected = 0, behind = 0;
    for (int j = 0; j < m; j++)
        for (int i = 0; i < n; i++) {
            int run = 0;
            while (i + run < n && j + run < m && a[i + run] == b[j + run]) run++;
            if (run > expected) expected = run, behind = j + run;
        }
    input("n = %d, m = %d", n, m);
    input_ints("a", a, (size_t)n), input_ints("b", b, (size_t)m);
    give_ints(a, (size_t)n), give_ints(b, (size_t)m);
    ask();
    check_int("the length", got_int(), expected);
    check_int("*end", got_int(), behind);
}

/* Of `tokens` different ones; a run of `shared` is copied from the end of a to the place `at` of b. */
static void check_random(Rng *rng, int n, int m, unsigned tokens, int shared, int at) {
    static int a[LONG], b[WIDE];
    for (int i = 0; i < n; i++) a[i] = (int)(rng_bits(rng) % tokens);
    for (int j = 0; j < m; j++) b[j] = (int)(rng_bits(rng) % tokens);
    for (int k = 0; k < shared; k++) b[at + k] = a[n - shared + k];
    check_case(a, n, b, m);
}

/* The other text goes on with what the runner puts beside an array (runner.c): who reads one token too many finds a
 * longer run there. */
static void check_beside(void) {
    for (int byte = 0x67; byte < 0x67 + 8; byte++) {
        const int longer[] = {1, 2, byte * 0x01010101};
        check_case((const int[]){1, 2}, 2, longer, 3);
        check_case(longer, 3, (const int[]){1, 2}, 2);
    }
}

void check(void) {
    check_case((const int[]){7, 1, 2, 3, 9}, 5, (const int[]){1, 2, 3, 1, 2}, 5);
    check_case((const int[]){1, 2}, 2, (const int[]){3, 4}, 2);
    check_case((const int[]){5, 5, 5}, 3, (const int[]){5, 5, 5, 5}, 4);
    check_case((const int[]){1, 2, 8, 3, 4}, 5, (const int[]){3, 4, 9, 1, 2}, 5);
    check_case((const int[]){3, 4, 8, 1, 2}, 5, (const int[]){1, 2, 9, 3, 4}, 5);
    check_case((const int[]){1, 2, 3}, 3, (const int[]){1, 9, 2, 9, 3}, 5);
    check_case((const int[]){1, 257, 65537}, 3, (const int[]){65793, 1, 513}, 3);
    check_case((const int[]){16777217, 50331649}, 2, (const int[]){16777216, 1, 50331649}, 3);
    check_case((const int[]){1}, 0, (const int[]){1}, 1);
    check_case((const int[]){1}, 1, (const int[]){1}, 0);
    check_beside();
    Rng rng = check_rng();
    for (int k = 0; k < (hidden() ? 1000 : 100); k++) {
        int n = (int)(rng_bits(&rng) % 40), m = (int)(rng_bits(&rng) % 40);
        check_random(&rng, n, m, 3, 0, 0);
    }
    check_random(&rng, LONG, WIDE, 50257, 300, WIDE - 300);
    check_random(&rng, LONG / 7, WIDE, 1000, WIDE, 0);
    check_random(&rng, 90, 100, 1, 0, 0);
}
