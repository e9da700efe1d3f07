/* engine_why - who wrote a score, for the page: beside engine.c, and in its manner. */
#include "attention/split_table.h"
#include "base/memory.h"
#include "show/page/engine.h"

#include <math.h>

/* One head's q, k [parts][n][d] as view/page_why packs them; scale 0 is 1 / sqrt(d). */
EXPORT(engine_split) Split *engine_split(const float *q, const float *k, int parts, int n, int d, double scale) {
    Split *s = memory_new(1, sizeof *s, "the parts");
    size_t tokens = (size_t)n, width = (size_t)d, count = (size_t)parts;
    *s = (Split){.parts = parts, .n = n, .d_head = d, .scale = scale > 0 ? scale : 1 / sqrt(d)};
    s->q = memory_new(count * tokens, width * sizeof *s->q, "the parts of the queries");
    s->k = memory_new(count * tokens, width * sizeof *s->k, "the parts of the keys");
    for (size_t p = 0; p < count; p++)
        for (size_t i = 0; i < tokens; i++)
            for (size_t c = 0; c < width; c++) {
                s->q[(i * count + p) * width + c] = (double)q[(p * tokens + i) * width + c];
                s->k[(i * count + p) * width + c] = (double)k[(p * tokens + i) * width + c];
            }
    return s;
}

EXPORT(engine_split_free) void engine_split_free(Split *s) {
    memory_free(s->q), memory_free(s->k), memory_free(s);
}

/* [2 * parts * parts] the table of one cell, and the same less its mean over the keys that the mask allows: the page
 * releases it. */
EXPORT(engine_why) double *engine_why(const Split *s, const Mask *mask, int query, int key) {
    size_t cells = (size_t)s->parts * (size_t)s->parts;
    double *value = memory_new(2 * cells, sizeof *value, "a score's parts");
    split_table(s, *mask, query, key, value, value + cells);
    return value;
}
