/* Exercise 05.3: each place in turn takes one of those that are left. */
#include "course.h"

void mix(int *order, int n, Rng *rng) {
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = 0; i + 1 < n; i++) {
        int other = i + (int)(rng_bits(rng) % (unsigned)(n - i)), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}
