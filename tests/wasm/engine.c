/* engine - attention under each kind of mask, with and without ALiBi, on the library's own random numbers: the same
 * source for this machine (numbers on standard output) and for WebAssembly (numbers by export). test_wasm.py holds one
 * against the other. */
#include "attention/mask_cost.h"
#include "attention/positions.h"
#include "base/rng.h"
#include "math/init.h"
#include "math/layers.h"

enum { TOKENS = 37, HEADS = 3, WIDTH = 36, NUMBERS = HEADS * TOKENS * TOKENS + TOKENS * WIDTH };

static const Mask MASKS[] = {{0},
                             {.causal = true},
                             {.window = 4},
                             {.causal = true, .window = 5, .global = 2},
                             {.window = 3, .dilation = 4},
                             {.causal = true, .prefix = 9},
                             {.chunk = 10, .valid = 30},
                             {.causal = true, .window = 4, .sinks = 2},
                             {.causal = true, .window = 3, .stride = 5}};
enum { CASES = 2 * sizeof MASKS / sizeof *MASKS };

static float numbers[NUMBERS];

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name)
#endif

EXPORT(cases) int cases(void) {
    return CASES;
}

EXPORT(count) int count(void) {
    return NUMBERS;
}

/* The maps (HEADS * TOKENS, TOKENS), then what comes out (TOKENS, WIDTH), behind a layer norm and a linear layer. */
EXPORT(compute) float *compute(int which) {
    Rng rng = rng_seed(17);
    Mat x = mat_new(TOKENS, WIDTH), w = mat_new(WIDTH, WIDTH), part[3], out = mat_new(TOKENS, WIDTH);
    Mat bias = which % 2 ? mat_new(HEADS, 2 * TOKENS - 1) : (Mat){0};
    float gain[WIDTH], zero[WIDTH] = {0};
    for (int c = 0; c < WIDTH; c++) gain[c] = 1;
    init_normal(&rng, x);
    for (int i = 0; i < 3; i++) {
        part[i] = mat_new(TOKENS, WIDTH);
        init_linear(&rng, w, NULL);
        linear_forward(NULL, part[i], x, (Linear){w, NULL}, ACTIVATION_NONE);
    }
    if (bias.data) alibi_bias(bias, TOKENS, 0);
    Attention a = {.q = part[0], .k = part[1], .v = part[2], .heads = HEADS, .mask = MASKS[which / 2], .bias = bias};
    attention_forward(a, out, (Mat){numbers, HEADS * TOKENS, TOKENS, TOKENS});
    layer_norm_forward(NULL, x, out, (LayerNorm){gain, zero, 1e-5f});
    linear_forward(NULL, (Mat){numbers + HEADS * TOKENS * TOKENS, TOKENS, WIDTH, WIDTH}, x, (Linear){w, NULL},
                   ACTIVATION_GELU_TANH);
    mat_free(&x), mat_free(&w), mat_free(&out), mat_free(&bias);
    for (int i = 0; i < 3; i++) mat_free(&part[i]);
    return numbers;
}

#ifndef __wasm__
#include <stdio.h>

int main(void) {
    for (int which = 0; which < CASES; which++) {
        const float *at = compute(which);
        for (int i = 0; i < NUMBERS; i++) printf("%.9g\n", (double)at[i]);
    }
    return 0;
}
#endif
