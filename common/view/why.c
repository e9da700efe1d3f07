#include "view/why.h"
#include "base/error.h"
#include "base/plural.h"
#include "base/ranked.h"
#include "model/split.h"
#include "show/label.h"
#include "view/tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES = 12, MOST_PARTS = 14 };

/* ---- I,J ---- */

Why why_of(const Reading *r, const char *text) {
    int n = r->encoding.n;
    long at[2];
    const char *from = text;
    for (int i = 0; i < 2; i++) {
        char *end;
        at[i] = from[0] >= '0' && from[0] <= '9' ? strtol(from, &end, 10) : -1;
        if (at[i] < 0 || *end != (i ? '\0' : ','))
            fail(EXIT_USAGE, "--why wants two tokens' numbers I,J: who looks, and at whom (got '%s'). Try: --why 1,0",
                 text);
        if (at[i] >= n)
            fail(EXIT_USAGE, "--why %s: there is no token %ld (expected 0 to %d: [CLS] and its like count)", text,
                 at[i], n - 1);
        from = end + 1;
    }
    return (Why){(int)at[0], (int)at[1]};
}

/* ---- the table ---- */

typedef struct {
    Split split;
    int layer, head;
    Why why;
    double *value, *centred; /* [parts * parts] */
    Ranked *order;           /* [parts * parts] cells by falling |centred| */
} Parts;

static Parts parts_new(const View *v, Why why) {
    const Reading *r = v->reading;
    int layer = v->layer[0], head = v->head[0];
    Parts p = {.layer = layer, .head = head, .why = why};
    p.split = split_new(r->reader->model, r->reader->workers, &r->trace, layer, head);
    size_t cells;
    if (!size_multiply((size_t)p.split.parts, (size_t)p.split.parts, &cells)) cells = (size_t)-1;
    p.value = memory_new(cells, sizeof *p.value, "a score's parts");
    p.centred = memory_new(cells, sizeof *p.centred, "a score's parts");
    p.order = memory_new(cells, sizeof *p.order, "a score's parts");
    split_table(&p.split, r->mask.rule, why.query, why.key, p.value, p.centred);
    for (size_t c = 0; c < cells; c++) p.order[c] = (Ranked){fabs(p.centred[c]), (int)c};
    ranked_sort(p.order, cells);
    return p;
}

static void parts_free(Parts *p) {
    split_free(&p->split);
    memory_free(p->value), memory_free(p->centred), memory_free(p->order);
}

static double sum_of(const Parts *p, const double *cell) {
    double sum = 0;
    for (int c = 0; c < p->split.parts * p->split.parts; c++) sum += cell[c];
    return sum;
}

/* The pass's own score, from its q and k, before a bias. */
static double score_of(const Trace *t, const Parts *p) {
    int d = p->split.d_head;
    const Attention *a = &t->attention[p->layer];
    const float *q = mat_row(a->q, p->why.query) + p->head * d, *k = mat_row(a->k, p->why.key) + p->head * d;
    double sum = 0;
    for (int c = 0; c < d; c++) sum += (double)q[c] * (double)k[c];
    return sum * p->split.scale;
}

static void check_sum(const View *v, const Parts *p) {
    double sum = sum_of(p, p->value), score = score_of(&v->reading->trace, p);
    if (!(fabs(sum - score) <= 1e-4 * fmax(1, fabs(score))))
        fail(EXIT_DATA, "%s: the parts add up to %.6g, but the score is %.6g", v->reading->reader->folder, sum, score);
}

/* ---- as text ---- */

/* As it is printed: what is 0 in four decimals has no sign. */
static double shown_value(double x) {
    return fabs(x) < 5e-5 ? 0 : x;
}

static void print_entries(const Parts *p) {
    int n = p->split.parts, cells = n * n, shown = cells < ENTRIES ? cells : ENTRIES;
    double rest[2] = {0};
    printf("        %-16s %-16s %10s %10s\n", "query's part", "key's part", "value", "centred");
    for (int e = 0; e < shown; e++) {
        int c = p->order[e].at;
        printf("        %-16s %-16s %10.4f %10.4f\n", p->split.name[c / n], p->split.name[c % n],
               shown_value(p->value[c]), shown_value(p->centred[c]));
    }
    for (int e = shown; e < cells; e++) rest[0] += p->value[p->order[e].at], rest[1] += p->centred[p->order[e].at];
    if (cells > shown) {
        char *others = text_format("the other %d pair%s", cells - shown, PLURAL(cells - shown));
        printf("        %-33s %10.4f %10.4f\n", others, shown_value(rest[0]), shown_value(rest[1]));
        memory_free(others);
    }
}

static void print_why(View *v, const Parts *p) {
    const Reading *r = v->reading;
    const Trace *t = &r->trace;
    Why w = p->why;
    const float *bias = attention_bias_row(&t->attention[p->layer], p->head, w.query);
    double sum = sum_of(p, p->value), score = score_of(t, p);
    printf("why     layer %d, head %d: token %d ", p->layer, p->head, w.query);
    token_print(r->labels[w.query], 0);
    printf(" looks at token %d ", w.key);
    token_print(r->labels[w.key], 0);
    printf(" with weight %.4f\n", (double)mat_at(shown_map(&v->shown, r, p->layer, p->head), w.query, w.key));
    print_mask(r);
    if (!mask_allows(r->mask.rule, w.query, w.key))
        printf("        the mask (%s) forbids this pair: its weight is 0 whatever the score\n", r->mask.title);
    print_entries(p);
    printf("        %-33s %10.4f %10.4f\n", "sum", sum, sum_of(p, p->centred));
    printf("        %-33s %10.4f            apart by %.0e, allowed 1e-04\n", "the pass's own score, scaled", score,
           fabs(sum - score));
    if (bias)
        printf("        %-33s %10.4f            added to the finished score, so in no part\n", "bias of the positions",
               (double)bias[w.key]);
}

static void write_tsv(const Parts *p, const char *path) {
    int n = p->split.parts;
    FileWriter file = file_create(file_or_output(path));
    fprintf(file.stream, "query_part\tkey_part\tvalue\tcentred\n");
    for (int e = 0; e < n * n; e++) {
        int c = p->order[e].at;
        fprintf(file.stream, "%s\t%s\t%.9g\t%.9g\n", p->split.name[c / n], p->split.name[c % n], p->value[c],
                p->centred[c]);
    }
    file_commit(&file);
}

/* ---- the picture ---- */

/* Parts by their largest |centred|, as a query's (rows) or a key's (columns); the first MOST_PARTS have a line of their
 * own, the others share the last. */
static int lines_of(const Parts *p, bool rows, int *line, const char **name) {
    int n = p->split.parts, shown = n <= MOST_PARTS + 1 ? n : MOST_PARTS;
    Ranked *size = memory_new((size_t)n, sizeof *size, "a picture's lines");
    for (int i = 0; i < n; i++) {
        size[i].at = i;
        for (int j = 0; j < n; j++) size[i].size = fmax(size[i].size, fabs(p->centred[rows ? i * n + j : j * n + i]));
    }
    ranked_sort(size, (size_t)n);
    for (int i = 0; i < n; i++) {
        line[size[i].at] = i < shown ? i : shown;
        name[i < shown ? i : shown] = i < shown ? p->split.name[size[i].at] : "all others";
    }
    memory_free(size);
    return shown < n ? shown + 1 : n;
}

static void draw_why(View *v, const Parts *p) {
    const Reading *r = v->reading;
    int n = p->split.parts;
    int *row = memory_new((size_t)n, sizeof *row, "a picture's lines"),
        *col = memory_new((size_t)n, sizeof *col, "columns");
    const char **from = memory_new((size_t)n, sizeof *from, "names"), **to = memory_new((size_t)n, sizeof *to, "names");
    int rows = lines_of(p, true, row, from), cols = lines_of(p, false, col, to);
    Mat m = mat_new(rows, cols);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) mat_row(m, row[i])[col[j]] += (float)p->centred[i * n + j];
    frame_heat(v, FRAME_ROW, text_format("why_layer%d_head%d_%d_%d", p->layer, p->head, p->why.query, p->why.key),
               text_format("layer %d, head %d: who wrote the score of %s (%d) at %s (%d)", p->layer, p->head,
                           r->labels[p->why.query], p->why.query, r->labels[p->why.key], p->why.key),
               m,
               (HeatOptions){.from = from,
                             .to = to,
                             .from_axis = "part of the query",
                             .to_axis = "part of the key",
                             .bar = "score, less the row's mean",
                             .scale = SCALE_SIGNED,
                             .values = true});
    mat_free(&m);
    memory_free(row), memory_free(col), memory_free(from), memory_free(to);
}

void view_why(View *v, Why why, const char *tsv) {
    if (v->layers != 1 || v->heads != 1)
        fail(EXIT_USAGE, "--why takes one layer's one head apart. Try: --layer 0 --head 0 --why %d,%d", why.query,
             why.key);
    Parts p = parts_new(v, why);
    check_sum(v, &p);
    if (tsv) write_tsv(&p, tsv);
    else print_why(v, &p), draw_why(v, &p);
    parts_free(&p);
}
