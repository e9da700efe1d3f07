#include "math/fast/lane_exp.h"
#include "math/fast/lane_math.h"

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

void lane_softmax(float *x, size_t n, size_t room, float scale) {
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

/* (1 + tanh u) / 2 is s = 1 / (1 + exp(-2u)), so gelu is z s and its slope s + z s (1 - s) 2u'. A quarter less work
 * than with tanh, and nothing cancels where z is far below zero. */
void lane_gelu_keep(float *x, float *slope, size_t n) {
    const float twice = 1.59576912160573071f, bend = 0.044715f; /* 2 sqrt(2 / pi) */
    const float power = -twice * LOG2_E;                        /* exp(-2u) as a power of two */
    const float far = 16; /* s is 0 or 1 there, and stays so; a square beyond would outgrow it in `bent` */
    for (size_t i = 0; i < n; i += LANES) {
        Lane given = load_first(x + i, n - i, 0);
        Lane z = lane_min(lane_of(far), lane_max(lane_of(-far), given)), square = z * z;
        Lane e = lane_exp2(lane_min(lane_of(126), z * (power + power * bend * square)));
        Lane s = 1 / (1 + e), bent = z * s * (twice + 3 * twice * bend * square);
        store_first(x + i, given * s, n - i);
        store_first(slope + i, s + bent * (1 - s), n - i);
    }
}
