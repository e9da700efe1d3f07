#include "math/fast/vecmath.h"
#include "base/error.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

float vec_exp(float *x, size_t n, float top, float scale) {
    float sum = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = expf(scale * (x[i] - top));
        sum += x[i];
    }
    return sum;
}

float vec_max(const float *x, size_t n) {
    float most = x[0];
    for (size_t i = 1; i < n; i++) most = x[i] > most ? x[i] : most;
    return most;
}

float vec_sum(const float *x, size_t n) {
    float sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum;
}

double vec_entropy(const float *p, size_t n, double tiny) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum -= (double)p[i] * log((double)p[i] + tiny);
    return sum;
}

double vec_apart(const float *after, const float *before, size_t n, double *length) {
    double apart = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double was = (double)before[i], by = (double)after[i] - was;
        apart += by * by, squares += was * was;
    }
    *length = squares;
    return apart;
}

void vec_scale(float *x, size_t n, float factor) {
    for (size_t i = 0; i < n; i++) x[i] *= factor;
}

void vec_add(float *out, const float *a, const float *b, size_t n) {
    for (size_t i = 0; i < n; i++) out[i] = a[i] + b[i];
}

static void gelu_erf(float *x, size_t n) {
    const float half_root = 0.70710678118654752f; /* 1 / sqrt 2 */
    for (size_t i = 0; i < n; i++) x[i] = 0.5f * x[i] * (1 + erff(x[i] * half_root));
}

static void gelu_tanh(float *x, size_t n) {
    const float root = 0.79788456080286536f; /* sqrt(2 / pi) */
    for (size_t i = 0; i < n; i++) x[i] = 0.5f * x[i] * (1 + tanhf(root * (x[i] + 0.044715f * x[i] * x[i] * x[i])));
}

void vec_activate(float *x, size_t n, Activation activation) {
    switch (activation) {
    case ACTIVATION_NONE: break;
    case ACTIVATION_GELU_ERF: gelu_erf(x, n); break;
    case ACTIVATION_GELU_TANH: gelu_tanh(x, n); break;
    case ACTIVATION_RELU:
        for (size_t i = 0; i < n; i++) x[i] = x[i] > 0 ? x[i] : 0;
        break;
    case ACTIVATION_TANH:
        for (size_t i = 0; i < n; i++) x[i] = tanhf(x[i]);
        break;
    }
}

void vec_normalise(float *out, const float *x, size_t n, const float *gain, const float *bias, float eps) {
    float mean = vec_sum(x, n) / (float)n, off = 0, spread = 0;
    for (size_t i = 0; i < n; i++) off += x[i] - mean; /* what rounding did to the sum of large numbers */
    mean += off / (float)n;
    for (size_t i = 0; i < n; i++) spread += (x[i] - mean) * (x[i] - mean);
    float factor = 1 / sqrtf(spread / (float)n + eps);
    for (size_t i = 0; i < n; i++) out[i] = (x[i] - mean) * factor * gain[i] + bias[i];
}

static int is_nonfinite(const float *x) {
    uint32_t bits;
    memcpy(&bits, x, sizeof bits);
    return (bits & 0x7f800000u) == 0x7f800000u; /* all exponent bits set */
}

size_t vec_first_nonfinite(const float *x, size_t n) {
    enum { BLOCK = 1024 };
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t end = n - i < BLOCK ? n : i + BLOCK;
        int found = 0;
        for (size_t j = i; j < end; j++) found |= is_nonfinite(x + j); /* no early exit: this loop vectorises */
        for (size_t j = i; found && j < end; j++)
            if (is_nonfinite(x + j)) return j;
    }
    return n;
}

void vec_check_processor(void) {
#if defined(__x86_64__)
    int fits = 1;
#ifdef __AVX512F__
    fits &= __builtin_cpu_supports("avx512f") != 0;
#endif
#ifdef __AVX2__
    fits &= __builtin_cpu_supports("avx2") != 0;
#endif
    if (!fits)
        fail(EXIT_ENVIRONMENT, "built on a processor with instructions that this one lacks. Try: make clean && make");
#endif
}
