#include "math/vecexp.h"
#include "math/lane_math.h"

#include <math.h>
#include <string.h>

static const float LOG2_E = (float)M_LOG2E; /* e^x is 2^(x log2 e) */

/* ---- the last lanes of a row ---- */

/* The first n of LANES numbers, and `rest` in place of the others, which are not read. */
INLINE Lane load_first(const float *x, size_t n, float rest) {
    if (n >= LANES) return lane_load(x);
    Lane some = lane_of(rest);
    memcpy(&some, x, n * sizeof *x);
    return some;
}

INLINE void store_first(float *x, Lane value, size_t n) {
    if (n >= LANES) lane_store(x, value);
    else memcpy(x, &value, n * sizeof *x);
}

/* ---- softmax ---- */

/* The next scores of a row: n of them count, -INFINITY stands for the others. Quicker where all may be read. */
INLINE Lane load_scores(const float *x, size_t n, size_t room) {
    if (n < LANES && room >= LANES) return keep_lanes(lane_load(x), (1u << n) - 1);
    return load_first(x, n, -INFINITY);
}

void vec_softmax(float *x, size_t n, size_t room, float scale) {
    Lane tops = lane_of(-INFINITY), sums = {0};
    for (size_t i = 0; i < n; i += LANES) tops = lane_max(tops, load_scores(x + i, n - i, room - i));
    Lane top = lane_of(lane_most(tops)), powers = lane_of(scale * LOG2_E);
    for (size_t i = 0; i < n; i += LANES) {
        Lane weight = lane_exp2(powers * (load_scores(x + i, n - i, room - i) - top));
        sums += weight;
        store_first(x + i, weight, room - i);
    }
    Lane share = lane_of(1 / lane_sum(sums));
    size_t i = 0;
    for (; i < n; i += LANES) store_first(x + i, share * load_first(x + i, room - i, 0), room - i);
    if (i < room) memset(x + i, 0, (room - i) * sizeof *x);
}

/* ---- gelu ---- */

/* (1 - e) / (1 + e) with e = exp(-2 |x|), and the sign of x. */
INLINE Lane lane_tanh(Lane x) {
    const Bits sign = (Bits)lane_of(-0.0f);
    Lane e = lane_exp2(lane_of(-2 * LOG2_E) * (Lane)((Bits)x & ~sign));
    return (Lane)((Bits)((1 - e) / (1 + e)) | ((Bits)x & sign));
}

void vec_gelu_keep(float *x, float *slope, const float *bias, size_t n) {
    const float root = 0.79788456080286536f, bend = 0.044715f; /* sqrt(2 / pi) */
    for (size_t i = 0; i < n; i += LANES) {
        Lane z = load_first(x + i, n - i, 0) + load_first(bias + i, n - i, 0), bent = bend * z * z;
        Lane t = lane_tanh(root * z * (1 + bent)), half = 0.5f * (1 + t);
        store_first(x + i, z * half, n - i);
        store_first(slope + i, half + 0.5f * root * z * (1 - t * t) * (1 + 3 * bent), n - i);
    }
}
