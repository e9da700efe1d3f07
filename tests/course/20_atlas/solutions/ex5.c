/* Exercise 20.5: a column's mean over the queries that may see it. */
#include "attention/mask.h"
#include "course.h"

void who_is_looked_at(int n, const float *map, Mask mask, float *received) {
    for (int j = 0; j < n; j++) {
        double sum = 0;
        int queries = 0;
        for (int i = 0; i < n; i++) {
            if (!mask_allows(mask, i, j)) continue;
            sum += (double)map[i * n + j];
            queries++;
        }
        received[j] = queries ? (float)(sum / queries) : 0;
    }
}
