/* ranked - places by the size of what stands there, the largest first: candidates, cells of a row, parts of a score. */
#ifndef BASE_RANKED_H
#define BASE_RANKED_H
#include <stddef.h>

typedef struct {
    double size;
    int at;
} Ranked;

/* Falling; of equals the one with the lower place first. */
void ranked_sort(Ranked *all, size_t count);
#endif
