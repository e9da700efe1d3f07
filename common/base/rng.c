#include "base/rng.h"

#include <math.h>

enum { WORDS = 624, MIDDLE = 397 };
static const double PI = 3.14159265358979323846;

Rng rng_seed(uint64_t seed) {
    Rng rng = {.at = WORDS};
    rng.word[0] = (uint32_t)seed;
    for (uint32_t i = 1; i < WORDS; i++) rng.word[i] = 1812433253u * (rng.word[i - 1] ^ (rng.word[i - 1] >> 30)) + i;
    return rng;
}

static void make_words(Rng *rng) {
    for (int i = 0; i < WORDS; i++) {
        uint32_t y = (rng->word[i] & 0x80000000u) | (rng->word[(i + 1) % WORDS] & 0x7fffffffu);
        rng->word[i] = rng->word[(i + MIDDLE) % WORDS] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
    }
    rng->at = 0;
}

uint32_t rng_bits(Rng *rng) {
    if (rng->at >= WORDS) make_words(rng);
    uint32_t y = rng->word[rng->at++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

uint64_t rng_bits64(Rng *rng) {
    uint64_t high = rng_bits(rng);
    return high << 32 | rng_bits(rng);
}

double rng_double(Rng *rng) {
    return (double)(rng_bits64(rng) & ((UINT64_C(1) << 53) - 1)) * 0x1p-53;
}

float rng_float(Rng *rng, float low, float high) {
    /* PyTorch's build multiplies and adds in one rounding; asking for that by name makes the last bit equal
     * everywhere. */
    return fmaf((float)(rng_bits(rng) & 0xffffffu) * 0x1p-24f, high - low, low);
}

/* Box and Muller's transform, one pair of uniforms for a pair of normals, in double precision. */
static double normal_pair(Rng *rng) {
    if (rng->has_spare) {
        rng->has_spare = false;
        return rng->spare;
    }
    double turn = rng_double(rng), length = sqrt(-2 * log1p(-rng_double(rng)));
    rng->spare = length * sin(2 * PI * turn);
    rng->has_spare = true;
    return length * cos(2 * PI * turn);
}

/* The same transform on a block of 16 floats that hold uniforms: the first 8 with the last 8. */
static void normal_block(float *block, float mean, float deviation) {
    for (int i = 0; i < 8; i++) {
        float u1 = 1 - block[i], u2 = block[i + 8];
        float length = sqrtf(-2 * logf(u1)), turn = (float)(2 * PI) * u2;
        block[i] = length * cosf(turn) * deviation + mean;
        block[i + 8] = length * sinf(turn) * deviation + mean;
    }
}

void rng_normal(Rng *rng, float *out, size_t n, float mean, float deviation) {
    if (n < 16) {
        for (size_t i = 0; i < n; i++) out[i] = (float)(normal_pair(rng) * (double)deviation + (double)mean);
        return;
    }
    for (size_t i = 0; i < n; i++) out[i] = rng_float(rng, 0, 1);
    for (size_t i = 0; i + 16 <= n; i += 16) normal_block(out + i, mean, deviation);
    if (n % 16) { /* the last 16 are drawn anew, overlapping the block before */
        for (size_t i = n - 16; i < n; i++) out[i] = rng_float(rng, 0, 1);
        normal_block(out + n - 16, mean, deviation);
    }
}

void rng_dropout(Rng *rng, float *keep, size_t n, double p) {
    for (size_t i = 0; i < n; i++) keep[i] = rng_double(rng) < 1 - p ? (float)(1 / (1 - p)) : 0;
}

void rng_permutation(Rng *rng, int *out, int n) {
    for (int i = 0; i < n; i++) out[i] = i;
    for (int i = 0; i + 1 < n; i++) {
        int other = i + (int)(rng_bits(rng) % (uint32_t)(n - i)), held = out[i];
        out[i] = out[other];
        out[other] = held;
    }
}

void rng_shuffle_epoch(Rng *rng, int *out, int n) {
    rng_bits64(rng); /* the loader's base seed for its workers, drawn even when it has none */
    Rng sampler = rng_seed(rng_bits64(rng) & ((UINT64_C(1) << 63) - 1));
    rng_permutation(&sampler, out, n);
}
