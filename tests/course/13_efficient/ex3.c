/* 13.3: every small tile against asking all its cells; huge tiles against sums done by hand. */
#include "judge.h"
#include <stdlib.h>

static void check_case(long long top, long long left, long long size, long long radius, int expected) {
    input("radius %lld, size %lld, top %lld, left %lld", radius, size, top, left);
    give_int(top), give_int(left), give_int(size), give_int(radius);
    ask();
    check_int("the verdict", got_int(), expected);
}

static int by_cells(int top, int left, int size, int radius) {
    int open = 0;
    for (int i = top; i < top + size; i++)
        for (int j = left; j < left + size; j++) open += abs(i - j) <= radius;
    return open == 0 ? 0 : open == size * size ? 2 : 1;
}

/* Tiles of `far` words, where a wrong sum shows in the last digit only. Below and above the diagonal alike. */
static void check_far(long long far) {
    check_case(0, far, far, 0, 0), check_case(far, 0, far, 0, 0);
    check_case(0, far, far, 1, 1), check_case(far, 0, far, 1, 1);
    check_case(0, 0, far, far - 1, 2);
    check_case(0, 0, far, far - 2, 1);
    check_case(0, 0, far, 0, 1);
    check_case(3 * far, 3 * far, far, 0, 1);
    check_case(3 * far, 3 * far, far, far - 1, 2);
    check_case(3 * far, far, far, far, 0), check_case(far, 3 * far, far, far, 0);
    check_case(3 * far, far, far, far + 1, 1), check_case(far, 3 * far, far, far + 1, 1);
    check_case(3 * far, far, far, 3 * far - 2, 1), check_case(far, 3 * far, far, 3 * far - 2, 1);
    check_case(3 * far, far, far, 3 * far - 1, 2), check_case(far, 3 * far, far, 3 * far - 1, 2);
    check_case(far + 1, far, 1, 0, 0), check_case(far + 1, far, 1, 1, 2); /* one cell, far out */
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
    check_case(5 * billion, billion, billion, 3 * billion, 0);
    check_case(5 * billion, billion, billion, 3 * billion + 1, 1);
    check_case(5 * billion, billion, billion, 5 * billion - 1, 2);
    check_far(1000);
    check_far(billion);
    check_far(billion * billion);
}
