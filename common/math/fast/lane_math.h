/* lane_math - the largest of lanes, and powers of two, LANES at a time (math/fast/lanes.h). For files that may not be
 * compiled with -ffast-math, because infinities mean something in them: -INFINITY is a forbidden score. Equal to:
 * fmaxf, fminf and exp2, lane by lane. */
#ifndef MATH_FAST_LANE_MATH_H
#define MATH_FAST_LANE_MATH_H
#include "math/fast/lanes.h"
#include <math.h>
#if defined(__SSE__)
#include <immintrin.h>
#endif

typedef unsigned Bits __attribute__((vector_size(sizeof(Lane)), may_alias)); /* the same lanes as whole numbers */

INLINE Lane lane_of(float x) {
    return x - (Lane){0};
}

/* The larger one, lane by lane; b where one of them is NaN. */
INLINE Lane lane_max(Lane a, Lane b) {
#if defined(__AVX512F__)
    return (Lane)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX__)
    return (Lane)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__SSE__)
    return (Lane)_mm_max_ps((__m128)a, (__m128)b);
#else
    Bits larger = (Bits)(a > b);
    return (Lane)((larger & (Bits)a) | (~larger & (Bits)b));
#endif
}

/* The smaller one; b where one of them is NaN. */
INLINE Lane lane_min(Lane a, Lane b) {
    return -lane_max(-a, -b);
}

/* Lanes whose bit in `word` is clear become -INFINITY. */
INLINE Lane keep_lanes(Lane x, unsigned word) {
#if defined(__AVX512F__)
    const Bits bit = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
#elif defined(__AVX__)
    const Bits bit = {1, 2, 4, 8, 16, 32, 64, 128};
#else
    const Bits bit = {1, 2, 4, 8};
#endif
    Bits kept = (Bits)((bit & word) != 0);
    return (Lane)((kept & (Bits)x) | (~kept & (Bits)lane_of(-INFINITY)));
}

/* 2^x for x <= 0, exactly 0 from -127 down, -INFINITY included; NaN stays NaN; relative error below 3e-7. 2^x is
 * 2^(whole part), made as the exponent of a float, times 2^f with f in [-1/2, 1/2], a polynomial of degree 5 fitted for
 * the smallest relative error. Adding 1.5 * 2^23 rounds to a whole number, which then stands in the lowest bits. */
INLINE Lane lane_exp2(Lane x) {
    const float shift = 12582912.0f + 127; /* 127 more: the exponent's own offset */
    x = lane_max(lane_of(-127), x);
    Lane whole = x + shift, f = x - (whole - shift);
    Lane power = (Lane)((Bits)whole << 23);
    Lane p = lane_of(0.0013276460813358426f) * f + 0.009675540961325169f;
    p = p * f + 0.05550713464617729f;
    p = p * f + 0.24022120237350464f;
    p = p * f + 0.6931469440460205f;
    return (p * f + 1.0000001192092896f) * power;
}

/* The sum of one vector's lanes, and the largest of them. */
INLINE float lane_sum(Lane v) {
#ifdef __AVX512F__
    v = low_8(v, v) + high_8(v, v);
#endif
#ifdef __AVX__
    v = low_4(v, v) + high_4(v, v);
#endif
    v = low_2(v, v) + high_2(v, v);
    return v[0] + v[1];
}
INLINE float lane_most(Lane v) {
#ifdef __AVX512F__
    v = lane_max(low_8(v, v), high_8(v, v));
#endif
#ifdef __AVX__
    v = lane_max(low_4(v, v), high_4(v, v));
#endif
    v = lane_max(low_2(v, v), high_2(v, v));
    return v[0] > v[1] ? v[0] : v[1];
}

/* The largest lanes of LANES vectors as one vector: fold_all with the maximum in place of the sum. v is used up. */
INLINE Lane fold_max(Lane *v) {
#ifdef __AVX512F__
    for (int i = 0; i < 8; i++) v[i] = lane_max(low_8(v[2 * i], v[2 * i + 1]), high_8(v[2 * i], v[2 * i + 1]));
#endif
#ifdef __AVX__
    for (int i = 0; i < 4; i++) v[i] = lane_max(low_4(v[2 * i], v[2 * i + 1]), high_4(v[2 * i], v[2 * i + 1]));
#endif
    for (int i = 0; i < 2; i++) v[i] = lane_max(low_2(v[2 * i], v[2 * i + 1]), high_2(v[2 * i], v[2 * i + 1]));
    return lane_max(low_1(v[0], v[1]), high_1(v[0], v[1]));
}
#endif
