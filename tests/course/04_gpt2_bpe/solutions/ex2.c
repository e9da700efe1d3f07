/* Exercise 04.2: tokens that stay move to the front. */
#include "course.h"

size_t merge_everywhere(int *ids, size_t n, int left, int right, int made) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool here = i + 1 < n && ids[i] == left && ids[i + 1] == right;
        ids[kept++] = here ? made : ids[i];
        i += here;
    }
    return kept;
}
