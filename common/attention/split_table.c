#include "attention/split_table.h"
#include "base/memory.h"

#include <string.h>

const double *split_query(const Split *s, int token) {
    return s->q + (size_t)token * (size_t)s->parts * (size_t)s->d_head;
}

const double *split_key(const Split *s, int token) {
    return s->k + (size_t)token * (size_t)s->parts * (size_t)s->d_head;
}

/* out (p, r) += factor * (part p of q) . (part r of k) */
static void add_products(const Split *s, const double *q, const double *k, double factor, double *out) {
    size_t d = (size_t)s->d_head, parts = (size_t)s->parts;
    for (size_t p = 0; p < parts; p++)
        for (size_t r = 0; r < parts; r++) {
            double sum = 0;
            for (size_t c = 0; c < d; c++) sum += q[p * d + c] * k[r * d + c];
            out[p * parts + r] += factor * sum;
        }
}

void split_table(const Split *s, Mask mask, int query, int key, double *value, double *centred) {
    size_t each = (size_t)s->parts * (size_t)s->d_head, cells = (size_t)s->parts * (size_t)s->parts;
    const double *q = split_query(s, query);
    if (value) {
        memset(value, 0, cells * sizeof *value);
        add_products(s, q, split_key(s, key), s->scale, value);
    }
    if (!centred) return;
    /* scale q . (k_j - the mean of the allowed k) */
    double *k = memory_new(each, sizeof *k, "a key less its row's mean");
    int allowed = 0;
    for (int j = 0; j < s->n; j++) allowed += mask_allows(mask, query, j);
    for (size_t c = 0; c < each; c++) k[c] = split_key(s, key)[c];
    for (int j = 0; j < s->n; j++)
        for (size_t c = 0; mask_allows(mask, query, j) && c < each; c++) k[c] -= split_key(s, j)[c] / allowed;
    memset(centred, 0, cells * sizeof *centred);
    add_products(s, q, k, s->scale, centred);
    memory_free(k);
}
