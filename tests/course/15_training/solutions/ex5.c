/* Exercise 15.5: read, forwards and backwards, a step; again. */
#include "course.h"
#include "math/optimizer.h"
#include "model/gpt_pass.h"
#include <math.h>
#include <stdlib.h>

void train(Gpt *gpt, float *losses, const int *ids, int n, int length, int steps, AdamW plan) {
    GptPass pass = gpt_pass_new(gpt, 1, length, 0);
    GptWeights gradient = gpt_weights_new(gpt);
    float *m = calloc(gpt->count, sizeof *m), *v = calloc(gpt->count, sizeof *v);
    for (int step = 0; step < steps; step++) {
        const int *window = ids + (step * length) % (n - length);
        double sum = gpt_learn(gpt, &pass, &gradient, 0, window, window + 1, 1, (Mask){.causal = true},
                               1 / (float)length, NULL);
        double squares = 0;
        for (size_t i = 0; i < gpt->count; i++) squares += (double)gradient.numbers[i] * (double)gradient.numbers[i];
        losses[step] = (float)(sum / length);
        adamw_step(NULL, &plan, step, gpt->weights.numbers, m, v, gradient.numbers, gpt->count, gpt->decayed,
                   sqrt(squares));
    }
    free(m), free(v);
    gpt_weights_free(&gradient), gpt_pass_free(&pass, gpt);
}
