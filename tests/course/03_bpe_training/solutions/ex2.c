/* Exercise 03.2: one place reads, one writes. */
#include "course.h"

int merge_pair(int *ids, int n, int left, int right, int token) {
    int kept = 0;
    for (int i = 0; i < n; i++) {
        if (i + 1 < n && ids[i] == left && ids[i + 1] == right) {
            ids[kept++] = token;
            i++; /* right has been used up */
        } else {
            ids[kept++] = ids[i];
        }
    }
    return kept;
}
