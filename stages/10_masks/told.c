/* told - what a row with nothing allowed becomes, three ways. */
#include "base/memory.h"
#include "tool.h"

#include <math.h>
#include <stdio.h>

/* scores [n], every key forbidden. "-infinity" and "-1e9" are what one finds in the wild: added before the softmax. */
static void softmax_added_told(float *weights, const float *scores, int n, float added) {
    float top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++) {
        weights[j] = scores[j] + added;
        top = fmaxf(top, weights[j]);
    }
    for (int j = 0; j < n; j++) {
        weights[j] = expf(weights[j] - top);
        sum += weights[j];
    }
    for (int j = 0; j < n; j++) weights[j] /= sum;
}

static void print_row(const char *name, const float *weights, int n) {
    enum { SHOWN = 8 };
    printf("  %-32s", name);
    for (int j = 0; j < n && j < SHOWN; j++) {
        if (isnan(weights[j])) printf("     NaN");
        else printf("  %.4f", (double)weights[j]);
    }
    puts(n > SHOWN ? " ..." : "");
}

void tell_empty_row(const Heads *h, int head) {
    int n = h->n, last = n - 1;
    Attention one = attention_head(h->attention, head);
    Mat scores = mat_new(1, n), row = mat_new(1, n);
    bool *nothing = memory_new((size_t)n * (size_t)n, sizeof *nothing, "an empty mask");
    mat_mul_nt(scores, attention_scale(&one), mat_rows(one.q, last, 1), one.k, 0);
    printf("a row with nothing allowed: `%s`, were every word padding\n", h->words[last]);
    softmax_added_told(row.data, scores.data, n, 0);
    print_row("its weights without a mask", row.data, n);
    softmax_added_told(row.data, scores.data, n, -INFINITY);
    print_row("scores + -infinity, then softmax", row.data, n);
    softmax_added_told(row.data, scores.data, n, -1e9f);
    print_row("scores + -1e9, then softmax", row.data, n);
    attention_softmax(scores, 1, (Mask){.picture = nothing, .tokens = n});
    print_row("ours", scores.data, n);
    memory_free(nothing);
    mat_free(&scores), mat_free(&row);
}
