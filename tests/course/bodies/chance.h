/* chance - whole numbers by chance, for judges. */
#ifndef COURSE_BODIES_CHANCE_H
#define COURSE_BODIES_CHANCE_H
#include "base/rng.h"

/* 0 .. n - 1; n >= 1. */
static inline int below(Rng *rng, int n) {
    return (int)(rng_bits(rng) % (unsigned)n);
}
#endif
