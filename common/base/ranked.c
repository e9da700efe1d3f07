#include "base/ranked.h"

#include <stdlib.h>

static int compare(const void *a, const void *b) {
    const Ranked *x = a, *y = b;
    if (x->size != y->size) return x->size < y->size ? 1 : -1;
    return (x->at > y->at) - (x->at < y->at);
}

void ranked_sort(Ranked *all, size_t count) {
    if (count) qsort(all, count, sizeof *all, compare);
}
