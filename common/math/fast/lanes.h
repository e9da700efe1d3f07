/* lanes - a handful of floats that the processor adds and multiplies at once: GCC's and clang's vector types. The same
 * source runs on any processor and the compiler picks the instructions. Only the rooms where the time goes use it.
 * Equal to: a loop over the lanes. */
#ifndef MATH_FAST_LANES_H
#define MATH_FAST_LANES_H
#include <stddef.h>

#pragma GCC diagnostic ignored "-Wpsabi" /* how vectors are passed to functions: here they never are, all is inlined */
#define INLINE static inline __attribute__((always_inline)) /* tile sizes become constants, so that loops unroll */
#define UNROLL _Pragma("GCC unroll 12") /* for loops whose arrays must stay in registers, however long the body */

/* PICK(name, numbers ...): name(a, b) is the lanes with these numbers of a, then b, counted on. */
#define PICK(name, ...)                                                                                                \
    INLINE Lane name(Lane a, Lane b) {                                                                                 \
        return __builtin_shufflevector(a, b, __VA_ARGS__);                                                             \
    }

/* aligned(4): weights lie wherever their file put them. may_alias: the same bytes are also read as plain floats.
 * low_n(a, b) picks the lanes whose number has the bit n clear, a's first, then b's; high_n those where it is set. */
#if defined(__AVX512F__)
enum { LANES = 16 };
typedef float Lane __attribute__((vector_size(64), aligned(4), may_alias));
PICK(low_8, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
PICK(high_8, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
PICK(low_4, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
PICK(high_4, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
PICK(low_2, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29)
PICK(high_2, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31)
PICK(low_1, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
PICK(high_1, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif defined(__AVX__)
enum { LANES = 8 };
typedef float Lane __attribute__((vector_size(32), aligned(4), may_alias));
PICK(low_4, 0, 1, 2, 3, 8, 9, 10, 11)
PICK(high_4, 4, 5, 6, 7, 12, 13, 14, 15)
PICK(low_2, 0, 1, 4, 5, 8, 9, 12, 13)
PICK(high_2, 2, 3, 6, 7, 10, 11, 14, 15)
PICK(low_1, 0, 2, 4, 6, 8, 10, 12, 14)
PICK(high_1, 1, 3, 5, 7, 9, 11, 13, 15)
#else
enum { LANES = 4 }; /* SSE2, NEON, WebAssembly's SIMD128 */
typedef float Lane __attribute__((vector_size(16), aligned(4), may_alias));
PICK(low_2, 0, 1, 4, 5)
PICK(high_2, 2, 3, 6, 7)
PICK(low_1, 0, 2, 4, 6)
PICK(high_1, 1, 3, 5, 7)
#endif

INLINE Lane lane_load(const float *at) {
    return *(const Lane *)at;
}
INLINE void lane_store(float *at, Lane value) {
    *(Lane *)at = value;
}

/* Folding: the sums of LANES vectors as one vector, sum i in place i; v is used up. Each level halves the vectors, so
 * a sum costs 2.8 operations where adding one vector up takes 8. */
INLINE Lane fold_all(Lane *v) {
#ifdef __AVX512F__
    for (int i = 0; i < 8; i++) v[i] = low_8(v[2 * i], v[2 * i + 1]) + high_8(v[2 * i], v[2 * i + 1]);
#endif
#ifdef __AVX__
    for (int i = 0; i < 4; i++) v[i] = low_4(v[2 * i], v[2 * i + 1]) + high_4(v[2 * i], v[2 * i + 1]);
#endif
    for (int i = 0; i < 2; i++) v[i] = low_2(v[2 * i], v[2 * i + 1]) + high_2(v[2 * i], v[2 * i + 1]);
    return low_1(v[0], v[1]) + high_1(v[0], v[1]);
}

/* Turning: row i becomes column i. Folding without the addition: both halves are kept, and after the last level the
 * vector that holds only lane number l of every row stands in place l. */
INLINE void turn_all(Lane *v) {
    Lane t[LANES];
#ifdef __AVX512F__
    for (int i = 0; i < 8; i++) t[i] = low_8(v[2 * i], v[2 * i + 1]), t[8 + i] = high_8(v[2 * i], v[2 * i + 1]);
    for (int i = 0; i < LANES; i++) v[i] = t[i];
#endif
#ifdef __AVX__
    for (int s = 0; s < LANES; s += 8)
        for (int i = 0; i < 4; i++) {
            t[s + i] = low_4(v[s + 2 * i], v[s + 2 * i + 1]);
            t[s + 4 + i] = high_4(v[s + 2 * i], v[s + 2 * i + 1]);
        }
    for (int i = 0; i < LANES; i++) v[i] = t[i];
#endif
    for (int s = 0; s < LANES; s += 4)
        for (int i = 0; i < 2; i++) {
            t[s + i] = low_2(v[s + 2 * i], v[s + 2 * i + 1]);
            t[s + 2 + i] = high_2(v[s + 2 * i], v[s + 2 * i + 1]);
        }
    for (int s = 0; s < LANES; s += 2) v[s] = low_1(t[s], t[s + 1]), v[s + 1] = high_1(t[s], t[s + 1]);
}
#endif
