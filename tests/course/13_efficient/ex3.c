/* 13.3: every small tile against asking all its cells; huge tiles against sums done by hand. */
#include "judge.h"
#include <stdlib.h>

extern int judge_tile(long long top, long long left, long long size, long long radius);

static void check_case(long long top, long long left, long long size, long long radius, int expected) {
    input("radius %lld, size %lld, top %lld, left %lld", radius, size, top, left);
    check_int("the verdict", judge_tile(top, left, size, radius), expected);
}

static int by_cells(int top, int left, int size, int radius) {
    int open = 0;
    for (int i = top; i < top + size; i++)
        for (int j = left; j < left + size; j++) open += abs(i - j) <= radius;
    return open == 0 ? 0 : open == size * size ? 2 : 1;
}

void check(void) {
    check_case(0, 0, 2, 1, 2);
    check_case(0, 2, 2, 1, 1);
    check_case(0, 4, 2, 1, 0);
    for (int size = 1; size <= 5; size++)
        for (int radius = 0; radius <= 6; radius++)
            for (int top = 0; top <= 12; top += 3)
                for (int left = 0; left <= 14; left++)
                    check_case(top, left, size, radius, by_cells(top, left, size, radius));
    const long long billion = 1000000000;
    check_case(0, billion, billion, 0, 0);
    check_case(0, billion, billion, 1, 1);
    check_case(0, 0, billion, billion - 1, 2);
    check_case(0, 0, billion, billion - 2, 1);
    check_case(5 * billion, billion, billion, 3 * billion, 0);
    check_case(5 * billion, billion, billion, 3 * billion + 1, 1);
    check_case(5 * billion, billion, billion, 5 * billion - 1, 2);
}
