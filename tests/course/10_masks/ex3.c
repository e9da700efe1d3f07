/* 10.3: BigBird's blocks. What is expected is painted block by block, not asked pair by pair. */
#include "judge.h"
#include <stdio.h>
#include <string.h>

enum { MOST = 2103 };

static void paint(char *picture, int n, int size, int a, int b) {
    if (a < 0 || b < 0 || a >= n / size || b >= n / size) return;
    for (int i = a * size; i < (a + 1) * size; i++) memset(picture + i * n + b * size, '#', (size_t)size);
}

static void compare(const char *got, const char *expected, int n) {
    for (int i = 0; i < n; i++) {
        char name[64], got_row[MOST + 1] = "", expected_row[MOST + 1] = "";
        memcpy(got_row, got + i * n, (size_t)n), memcpy(expected_row, expected + i * n, (size_t)n);
        int j = 0;
        while (j + 1 < n && got_row[j] == expected_row[j]) j++;
        snprintf(name, sizeof name, "row %d of the mask, query %d and key %d", i, i, j);
        check_text(name, got_row, expected_row);
    }
}

static void check_case(int n, int size, const int *random) {
    static char expected[MOST * MOST + 1];
    int blocks = n / size;
    memset(expected, '.', sizeof expected);
    for (int a = 0; a < blocks; a++) {
        for (int b = a - 1; b <= a + 1; b++) paint(expected, n, size, a, b);
        paint(expected, n, size, a, 0), paint(expected, n, size, a, blocks - 1);
        paint(expected, n, size, 0, a), paint(expected, n, size, blocks - 1, a);
        paint(expected, n, size, a, random[a]);
    }
    input("n = %d, size = %d", n, size);
    input_ints("random", random, (size_t)blocks);
    give_int(n), give_int(size), give_ints(random, (size_t)blocks);
    ask();
    size_t cells;
    const char *got = got_text(&cells);
    check_int("cells", (long long)cells, (long long)n * n);
    compare(got, expected, n);
}

static void check_random(Rng *rng, int blocks, int size) {
    int random[MOST];
    for (int a = 0; a < blocks; a++) random[a] = (int)(rng_bits(rng) % (unsigned)blocks);
    check_case(blocks * size, size, random);
}

void check(void) {
    check_case(8, 1, (const int[]){0, 4, 6, 5, 2, 3, 2, 7});
    check_case(1, 1, (const int[]){0});
    check_case(4, 4, (const int[]){0});
    check_case(10, 1, (const int[]){0, 5, 5, 8, 7, 1, 2, 3, 1, 9});
    check_case(16, 2, (const int[]){1, 4, 7, 6, 1, 2, 3, 7});
    Rng rng = check_rng();
    for (int i = 0; i < (hidden() ? 200 : 20); i++) {
        int size = 1 + (int)(rng_bits(&rng) % 6), blocks = 1 + (int)(rng_bits(&rng) % 8);
        check_random(&rng, blocks, size);
    }
    check_random(&rng, 300, 1), check_random(&rng, 6, 180);
    check_random(&rng, MOST, 1), check_random(&rng, 3, 701);
}
