/* Do the maps of a file hold together? Declared in reading.h. */
#include "attention/mask_cost.h"
#include "base/error.h"
#include "view/reading.h"

#include <math.h>

static bool looks_ahead(const Trace *t) {
    for (int l = 0; l < t->layers; l++)
        for (int row = 0; row < t->heads * t->n; row++)
            for (int j = row % t->n + 1; j < t->n; j++)
                if (mat_at(t->maps[l], row, j) > 0) return true;
    return false;
}

/* A decoder's file that says nothing of its mask is still a decoder's. */
static void guess_mask(Reading *r) {
    const Trace *t = &r->trace;
    if (t->n < 2 || looks_ahead(t)) return;
    r->own.rule.causal = true;
    note("%s: it names no mask, and no token looks at a later one: taken as causal", r->reader->folder);
}

static void check_cell(const Reading *r, int layer, int row, int key, float weight) {
    int n = r->trace.n, head = row / n, query = row % n;
    const char *file = r->reader->folder;
    if (weight < 0)
        fail(EXIT_DATA, "%s: layer %d head %d: the weight from token %d to %d is %g (expected 0 or more)", file, layer,
             head, query, key, (double)weight);
    if (weight > 0 && !mask_allows(r->own.rule, query, key))
        fail(EXIT_DATA, "%s: layer %d head %d: token %d looks at token %d (%g), which the file's mask forbids", file,
             layer, head, query, key, (double)weight);
}

/* Shares are what every table counts, so a reader must know when they are none. */
static void check_rows(const Reading *r, double exact) {
    const Trace *t = &r->trace;
    size_t wrong = 0;
    int layer = 0, at = 0;
    double worst = exact, sum_there = 1;
    for (int l = 0; l < t->layers; l++)
        for (int row = 0; row < t->heads * t->n; row++) {
            double sum = 0, whole = mask_row_count(r->own.rule, t->n, row % t->n) ? 1 : 0;
            for (int j = 0; j < t->n; j++) {
                check_cell(r, l, row, j, mat_at(t->maps[l], row, j));
                sum += (double)mat_at(t->maps[l], row, j);
            }
            wrong += fabs(sum - whole) > exact;
            if (fabs(sum - whole) > worst) worst = fabs(sum - whole), layer = l, at = row, sum_there = sum;
        }
    if (wrong)
        warn("%s: %zu of %zu rows do not sum to 1 (layer %d head %d token %d: %g): they are shown as they are, and no "
             "number made of them is a share",
             r->reader->folder, wrong, (size_t)t->layers * (size_t)t->heads * (size_t)t->n, layer, at / t->n, at % t->n,
             sum_there);
}

/* A mask is computed from q and k, so they must be those that the weights came from. */
static void check_vectors(Reading *r, double exact) {
    Trace *t = &r->trace;
    double most = 0;
    for (int l = 0; l < t->layers && t->attention[l].q.data; l++) {
        Mat maps = trace_maps_under(t, l, r->own.rule);
        most = fmax(most, (double)mat_max_diff(maps, t->maps[l]));
        mat_free(&maps);
    }
    if (most <= 10 * exact) return;
    warn("%s: its q and k give other weights than its attentions (up to %g apart): scale, bias or mask may be missing, "
         "or q was not yet turned by its position. They are left aside",
         r->reader->folder, most);
    for (int l = 0; l < t->layers; l++) mat_free(&t->attention[l].q), mat_free(&t->attention[l].k);
}

void reading_file_check(Reading *r, bool known, double exact) {
    if (!known) guess_mask(r);
    check_rows(r, exact);
    for (int l = 0; l < r->trace.layers; l++) r->trace.attention[l].mask = r->own.rule;
    check_vectors(r, exact);
}
