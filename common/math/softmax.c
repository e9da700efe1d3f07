#include "math/softmax.h"
#include "math/lane_math.h"

#include <math.h>
#include <string.h>

/* The next LANES of `room` numbers, of which only the first n count: -INFINITY in place of the others. */
INLINE Lane load_some(const float *x, size_t n, size_t room) {
    if (n >= LANES) return lane_load(x);
    if (room >= LANES) return keep_lanes(lane_load(x), (1u << n) - 1);
    Lane some = lane_of(-INFINITY);
    memcpy(&some, x, n * sizeof *x);
    return some;
}

INLINE void store_some(float *x, Lane value, size_t room) {
    if (room >= LANES) lane_store(x, value);
    else memcpy(x, &value, room * sizeof *x);
}

void row_softmax(float *x, size_t n, size_t room, float scale) {
    Lane tops = lane_of(-INFINITY), sums = {0};
    for (size_t i = 0; i < n; i += LANES) tops = lane_max(tops, load_some(x + i, n - i, room - i));
    Lane top = lane_of(lane_most(tops)), powers = lane_of(scale * 1.44269504f); /* log2(e): e^x is a power of two */
    for (size_t i = 0; i < n; i += LANES) {
        Lane weight = lane_exp2(powers * (load_some(x + i, n - i, room - i) - top));
        sums += weight;
        store_some(x + i, weight, room - i);
    }
    Lane share = lane_of(1 / lane_sum(sums));
    size_t i = 0;
    for (; i < n; i += LANES) store_some(x + i, share * load_some(x + i, room - i, room - i), room - i);
    if (i < room) memset(x + i, 0, (room - i) * sizeof *x);
}
