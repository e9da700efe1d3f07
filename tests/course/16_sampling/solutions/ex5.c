/* Exercise 16.5: the longest run that two texts share. */
#include "course.h"

int longest_shared_run(const int *a, int n, const int *b, int m, int *end) {
    int run[1001] = {0}, best = 0;
    *end = 0;
    for (int i = 0; i < n; i++)
        for (int j = m - 1; j >= 0; j--) {
            run[j + 1] = a[i] == b[j] ? run[j] + 1 : 0;
            if (run[j + 1] > best || (run[j + 1] == best && best > 0 && j + 1 < *end)) {
                best = run[j + 1];
                *end = j + 1;
            }
        }
    return best;
}
