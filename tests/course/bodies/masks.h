/* masks - a Mask as numbers, for judges that give one and runners that take it. */
#ifndef COURSE_BODIES_MASKS_H
#define COURSE_BODIES_MASKS_H
#include "attention/mask.h"

enum { KNOBS = 9 };

static inline void mask_to_numbers(Mask m, int knobs[KNOBS]) {
    const int all[KNOBS] = {m.causal, m.window, m.dilation, m.global, m.sinks, m.stride, m.prefix, m.chunk, m.valid};
    for (int i = 0; i < KNOBS; i++) knobs[i] = all[i];
}

static inline Mask mask_from_numbers(const int *k) {
    return (Mask){.causal = k[0] != 0,
                  .window = k[1],
                  .dilation = k[2],
                  .global = k[3],
                  .sinks = k[4],
                  .stride = k[5],
                  .prefix = k[6],
                  .chunk = k[7],
                  .valid = k[8]};
}
#endif
