#include "math/fast/vecgrad.h"
#include "math/fast/lane_exp.h"

#include <math.h>

static void keep_gelu_erf(float *x, float *slope, size_t n) {
    const float half_root = 0.70710678118654752f, peak = 0.39894228040143268f; /* 1 / sqrt 2, 1 / sqrt(2 pi) */
    for (size_t i = 0; i < n; i++) {
        float z = x[i], below = 0.5f * (1 + erff(z * half_root));
        x[i] = z * below;
        slope[i] = below + z * peak * expf(-0.5f * z * z);
    }
}

void vec_activate_keep(float *x, float *slope, size_t n, Activation activation) {
    switch (activation) {
    case ACTIVATION_GELU_TANH: lane_gelu_keep(x, slope, n); return;
    case ACTIVATION_GELU_ERF: keep_gelu_erf(x, slope, n); return;
    case ACTIVATION_RELU:
        for (size_t i = 0; i < n; i++) {
            slope[i] = x[i] > 0 ? 1 : 0;
            x[i] = x[i] > 0 ? x[i] : 0;
        }
        return;
    case ACTIVATION_TANH:
        for (size_t i = 0; i < n; i++) {
            x[i] = tanhf(x[i]);
            slope[i] = 1 - x[i] * x[i];
        }
        return;
    case ACTIVATION_NONE:
        for (size_t i = 0; i < n; i++) slope[i] = 1;
    }
}

void vec_multiply(float *x, const float *factor, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] *= factor[i];
}

void vec_multiply_sum(float *x, float *sum, const float *factor, size_t n) {
    for (size_t i = 0; i < n; i++) {
        x[i] *= factor[i];
        sum[i] += x[i];
    }
}

void vec_softmax_backward(float *d, const float *y, size_t n, float scale) {
    float dot = 0;
    for (size_t i = 0; i < n; i++) dot += y[i] * d[i];
    for (size_t i = 0; i < n; i++) d[i] = scale * y[i] * (d[i] - dot);
}

/* With u = (x - mean) / deviation and du = dy * gain: dx = (du - mean(du) - u * mean(du * u)) / deviation. The two
 * means are what x's own part in the mean and in the deviation costs. */
void vec_normalise_backward(float *dx, float *dgain, float *dbias, const float *dy, const float *x, const float *gain,
                            size_t n, float eps) {
    float mean = 0, spread = 0, mean_du = 0, mean_du_u = 0;
    for (size_t i = 0; i < n; i++) mean += x[i];
    mean /= (float)n;
    for (size_t i = 0; i < n; i++) spread += (x[i] - mean) * (x[i] - mean);
    float factor = 1 / sqrtf(spread / (float)n + eps);
    for (size_t i = 0; i < n; i++) {
        float u = (x[i] - mean) * factor, du = dy[i] * gain[i];
        mean_du += du;
        mean_du_u += du * u;
        dgain[i] += dy[i] * u;
        dbias[i] += dy[i];
    }
    mean_du /= (float)n;
    mean_du_u /= (float)n;
    for (size_t i = 0; i < n; i++) dx[i] += factor * (dy[i] * gain[i] - mean_du - (x[i] - mean) * factor * mean_du_u);
}

double vec_sum_squares(const float *x, size_t n) {
    enum { BLOCK = 512 };
    double total = 0;
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t end = n - i < BLOCK ? n : i + BLOCK;
        float sum = 0;
        for (size_t j = i; j < end; j++) sum += x[j] * x[j];
        total += (double)sum;
    }
    return total;
}

void vec_adamw(float *p, float *m, float *v, const float *g, size_t n, AdamStep s) {
    const float keep = 1 - s.rate * s.decay, pace = s.rate / s.correct1, root = 1 / sqrtf(s.correct2);
    for (size_t i = 0; i < n; i++) {
        float gradient = g[i] * s.scale;
        m[i] = s.beta1 * m[i] + (1 - s.beta1) * gradient;
        v[i] = s.beta2 * v[i] + (1 - s.beta2) * gradient * gradient;
        p[i] = p[i] * keep - pace * m[i] / (sqrtf(v[i]) * root + s.eps);
    }
}
