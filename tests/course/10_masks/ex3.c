/* 10.3: BigBird's blocks. What is expected is painted block by block, not asked pair by pair. */
#include "judge.h"
#include <string.h>

extern void bigbird_mask(bool *allowed, int n, int size, const int *random);

enum { MOST = 48 };

static void paint(char *picture, int n, int size, int a, int b) {
    if (a < 0 || b < 0 || a >= n / size || b >= n / size) return;
    for (int i = a * size; i < (a + 1) * size; i++) memset(picture + i * (n + 1) + b * size, '#', (size_t)size);
}

static void check_case(int n, int size, const int *random) {
    static char expected[MOST * (MOST + 1) + 1], got[MOST * (MOST + 1) + 1];
    static bool allowed[MOST * MOST];
    int blocks = n / size;
    memset(expected, '.', sizeof expected), memset(allowed, 0, sizeof allowed);
    for (int a = 0; a < blocks; a++) {
        for (int b = a - 1; b <= a + 1; b++) paint(expected, n, size, a, b);
        paint(expected, n, size, a, 0), paint(expected, n, size, a, blocks - 1);
        paint(expected, n, size, 0, a), paint(expected, n, size, blocks - 1, a);
        paint(expected, n, size, a, random[a]);
    }
    input("n = %d, size = %d, random = %d %d ...", n, size, random[0], blocks > 1 ? random[1] : random[0]);
    for (int i = 0; i < n * n; i++) allowed[i] = i % 3 == 0; /* what was there before must not matter */
    bigbird_mask(allowed, n, size, random);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) got[i * (n + 1) + j] = allowed[i * n + j] ? '#' : '.';
        got[i * (n + 1) + n] = expected[i * (n + 1) + n] = '\n';
    }
    expected[n * (n + 1)] = got[n * (n + 1)] = 0;
    check_text("the mask", got, expected);
}

void check(void) {
    check_case(8, 1, (const int[]){0, 4, 6, 5, 2, 3, 2, 7});
    check_case(1, 1, (const int[]){0});
    check_case(4, 4, (const int[]){0});
    check_case(10, 1, (const int[]){0, 5, 5, 8, 7, 1, 2, 3, 1, 9});
    check_case(16, 2, (const int[]){1, 4, 7, 6, 1, 2, 3, 7});
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) {
        int size = 1 + (int)(rng_bits(&rng) % 6), blocks = 1 + (int)(rng_bits(&rng) % 8), random[8];
        for (int a = 0; a < blocks; a++) random[a] = (int)(rng_bits(&rng) % (unsigned)blocks);
        check_case(blocks * size, size, random);
    }
}
