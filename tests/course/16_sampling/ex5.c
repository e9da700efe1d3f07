/* 16.5: the longest shared run against trying every pair of starts. */
#include "judge.h"

extern int longest_shared_run(const int *a, int n, const int *b, int m, int *end);

enum { MOST = 40 };

static void check_case(const int *a, int n, const int *b, int m) {
    int expected = 0, behind = 0, end = -1;
    for (int j = 0; j < m; j++)
        for (int i = 0; i < n; i++) {
            int run = 0;
            while (i + run < n && j + run < m && a[i + run] == b[j + run]) run++;
            if (run > expected) expected = run, behind = j + run;
        }
    input("a = %d %d %d ... (n = %d), b = %d %d %d ... (m = %d)", n > 0 ? a[0] : -1, n > 1 ? a[1] : -1,
          n > 2 ? a[2] : -1, n, m > 0 ? b[0] : -1, m > 1 ? b[1] : -1, m > 2 ? b[2] : -1, m);
    int got = longest_shared_run(a, n, b, m, &end);
    check_int("the length", got, expected);
    check_int("*end", end, behind);
}

void check(void) {
    check_case((const int[]){7, 1, 2, 3, 9}, 5, (const int[]){1, 2, 3, 1, 2}, 5);
    check_case((const int[]){1, 2}, 2, (const int[]){3, 4}, 2);
    check_case((const int[]){5, 5, 5}, 3, (const int[]){5, 5, 5, 5}, 4);
    check_case((const int[]){1, 2, 8, 3, 4}, 5, (const int[]){3, 4, 9, 1, 2}, 5);
    check_case((const int[]){1}, 0, (const int[]){1}, 1);
    check_case((const int[]){1}, 1, (const int[]){1}, 0);
    Rng rng = check_rng();
    for (int k = 0; k < (hidden() ? 1000 : 100); k++) {
        int a[MOST], b[MOST], n = (int)(rng_bits(&rng) % MOST), m = (int)(rng_bits(&rng) % MOST);
        for (int i = 0; i < n; i++) a[i] = (int)(rng_bits(&rng) % 3);
        for (int j = 0; j < m; j++) b[j] = (int)(rng_bits(&rng) % 3);
        check_case(a, n, b, m);
    }
}
