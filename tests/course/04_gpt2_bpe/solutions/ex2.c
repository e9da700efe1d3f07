/* Exercise 04.2: a token exists only once its rule has run, so each rule runs once, in their order. */
#include "course.h"
#include "text/bpe.h"

size_t merge_all(int *ids, size_t n, const BpeMerge *merges, int count) {
    for (int k = 0; k < count; k++) {
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            bool here = i + 1 < n && ids[i] == merges[k].left && ids[i + 1] == merges[k].right;
            ids[kept++] = here ? merges[k].made : ids[i];
            i += here;
        }
        n = kept;
    }
    return n;
}
