/* Exercise 10.3: the blocks of BigBird. */
#include "course.h"

void bigbird_mask(bool *allowed, int n, int size, const int *random) {
    int last = n / size - 1;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            int a = i / size, b = j / size;
            bool band = b >= a - 1 && b <= a + 1, border = a == 0 || b == 0 || a == last || b == last;
            allowed[i * n + j] = band || border || b == random[a];
        }
}
