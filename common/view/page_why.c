/* Who wrote a score, as the page's block holds it. Declared in view/page.h. */
#include "base/json.h"
#include "base/memory.h"
#include "model/split.h"
#include "view/page.h"

#include <math.h>
#include <string.h>

/* [n][parts][d] as floats, part by part, so that each part has a step of its own: [parts][n][d]. You free it. */
static float *parts_apart(const Split *s, const double *from) {
    size_t n = (size_t)s->n, parts = (size_t)s->parts, d = (size_t)s->d_head;
    float *all = memory_new(n * parts, d * sizeof *all, "the page's parts"), *at = all;
    for (size_t p = 0; p < parts; p++)
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < d; c++) *at++ = (float)from[(i * parts + p) * d + c];
    return all;
}

/* A token's q or k of a packed split: the sum of its parts. out [d] */
static void sum_parts(const Split *s, const float *all, int token, double *out) {
    size_t n = (size_t)s->n, d = (size_t)s->d_head;
    memset(out, 0, d * sizeof *out);
    for (size_t p = 0; p < (size_t)s->parts; p++)
        for (size_t c = 0; c < d; c++) out[c] += (double)all[(p * n + (size_t)token) * d + c];
}

/* How far any score is from the exact one when its parts are rounded: both as sums over all parts. */
static double worst_score(const Split *s, const float *const exact[2], const float *const rounded[2]) {
    size_t n = (size_t)s->n, d = (size_t)s->d_head;
    double *sums = memory_new(4 * n, d * sizeof *sums, "the page's parts"), worst = 0;
    const float *const from[] = {exact[0], exact[1], rounded[0], rounded[1]};
    for (size_t w = 0; w < 4; w++)
        for (int i = 0; i < s->n; i++) sum_parts(s, from[w], i, sums + (w * n + (size_t)i) * d);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double off = 0;
            for (size_t c = 0; c < d; c++)
                off += sums[i * d + c] * sums[(n + j) * d + c] - sums[(2 * n + i) * d + c] * sums[(3 * n + j) * d + c];
            worst = fmax(worst, fabs(off) * s->scale);
        }
    memory_free(sums);
    return worst;
}

/* int16, or as they are where that would move a score by more than 5e-4. */
static void add_parts(Block *block, const Split *s, int layer, int head) {
    const double most = 5e-4;
    float *exact[] = {parts_apart(s, s->q), parts_apart(s, s->k)};
    float *rounded[] = {parts_apart(s, s->q), parts_apart(s, s->k)};
    Shape shape = {{(size_t)s->parts, (size_t)s->n, (size_t)s->d_head}, 3};
    for (int w = 0; w < 2; w++) block_round(PACK_SHORTS, rounded[w], shape_count(shape), (size_t)s->parts);
    double worst = worst_score(s, (const float *const *)exact, (const float *const *)rounded);
    for (int w = 0; w < 2; w++) {
        char *name = text_format("why_%c.%d.%d", "qk"[w], layer, head);
        block_add(block, name, worst <= most ? PACK_SHORTS : PACK_FLOATS, shape, exact[w], (size_t)s->parts);
        memory_free(name), memory_free(exact[w]), memory_free(rounded[w]);
    }
}

void page_add_why(Block *block, String *page, const Reading *r, PagePlan plan) {
    bool first = true;
    string_add(page, ",\"why\":[");
    for (int at = 0; at < r->layers * r->heads; at++) {
        if (!plan.why[at]) continue;
        int layer = at / r->heads, head = at % r->heads;
        Split s = split_new(r->reader->model, r->reader->workers, &r->trace, layer, head);
        add_parts(block, &s, layer, head);
        string_add(page, "%s{\"layer\":%d,\"head\":%d,\"parts\":[", first ? "" : ",", layer, head);
        for (int p = 0; p < s.parts; p++)
            string_add(page, p ? "," : ""), json_add_text(page, s.name[p], strlen(s.name[p]));
        string_add(page, "]}");
        split_free(&s);
        first = false;
    }
    string_add(page, "]");
}
