/* Stage 10 - Masks: who may look at whom. A mask is a rule about one pair of words; here each rule is told in one line,
 * attention asks it pair by pair, and both are proven equal to common/attention, which walks over ranges of allowed
 * keys and never asks about a forbidden pair. The rest of the folder measures, prints and draws. Run: make run-10 */
#include "attention/attention.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "lesson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const USUAL_MASKS = "none,causal,local,global-local,sliding:3,dilated,prefix:3,chunked,padding";

/* ---- 1. The rules, one line each: may word i look at word j? ---- */

static bool rule_told(int kind, Mask said, bool is_global, long long i, long long j) {
    long long apart = i < j ? j - i : i - j, W = said.window, D = said.dilation, G = said.global, P = said.prefix;
    switch (kind) {
    case MASK_CAUSAL: return j <= i;
    case MASK_LOCAL: return is_global || apart <= W;
    case MASK_GLOBAL_LOCAL: return is_global || i < G || j < G || apart <= W;
    case MASK_SLIDING: return j <= i && (is_global || i - j < W);
    case MASK_DILATED: return is_global || (apart <= D * W && apart % D == 0);
    case MASK_PREFIX: return j <= i || (i < P && j < P);
    case MASK_CHUNKED: return i / said.chunk == j / said.chunk;
    default: return true; /* none */
    }
}

/* Rules combine by `and`: a pair is allowed when nobody forbids it. */
static bool allowed_told(const ListedMask *m, int i, int j) {
    const Mask *own = &m->mask.rule; /* for what is no formula: --global-at's tokens, a drawn pattern */
    bool is_global = own->global_at && (own->global_at[i] || own->global_at[j]);
    if (m->options.said.causal && j > i) return false;
    if (m->options.said.valid > 0 && j >= m->options.said.valid) return false; /* padding */
    if (own->picture && !own->picture[i * own->tokens + j]) return false;
    return rule_told(m->options.kind, m->options.said, is_global, i, j);
}

/* ---- 2. Attention that asks the rule about every pair ---- */

/* The softmax of row i over its allowed keys. With none, the row stays zeros: there is nothing to look at. */
static void softmax_told(float *scores, int n, int i, const ListedMask *m) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++)
        if (allowed_told(m, i, j)) top = fmax(top, (double)scores[j]);
    for (int j = 0; j < n; j++) {
        scores[j] = allowed_told(m, i, j) ? (float)exp((double)scores[j] - top) : 0;
        sum += (double)scores[j];
    }
    for (int j = 0; j < n && sum > 0; j++) scores[j] = (float)((double)scores[j] / sum);
}

static void attention_told(Mat context, Mat map, Mat q, Mat k, Mat v, const ListedMask *m) {
    int n = q.rows;
    for (int i = 0; i < n; i++) {
        float *weights = mat_row(map, i);
        for (int j = 0; j < n; j++) {
            double dot = 0;
            for (int c = 0; c < q.cols; c++) dot += (double)mat_at(q, i, c) * (double)mat_at(k, j, c);
            weights[j] = (float)(dot / sqrt(q.cols));
        }
        softmax_told(weights, n, i, m);
        for (int c = 0; c < v.cols; c++) {
            double sum = 0;
            for (int j = 0; j < n; j++) sum += (double)weights[j] * (double)mat_at(v, j, c);
            mat_row(context, i)[c] = (float)sum;
        }
    }
}

/* ---- 3. News travels one allowed pair a layer ---- */

int layers_told(Mask mask, int n, int query, int key) {
    int *known = memory_new((size_t)n, sizeof *known, "known tokens"), count = 1, layers = 0, done = 0;
    bool *is_known = memory_new((size_t)n, sizeof *is_known, "known tokens");
    known[0] = query, is_known[query] = true;
    while (!is_known[key] && done < count) {
        layers++;
        for (int end = count; done < end; done++) /* all that the query knew of before this layer */
            for (Span s = {0}; mask_next_span(mask, n, known[done], &s);)
                for (long long j = s.first; j < s.end; j += s.step)
                    if (!is_known[j]) is_known[j] = true, known[count++] = (int)j;
    }
    bool reached = is_known[key];
    memory_free(known), memory_free(is_known);
    return reached ? layers : -1;
}

/* ---- 4. A row with nothing allowed, three ways ---- */

/* scores [n], every key forbidden. "-infinity" and "-1e9" are what one finds in the wild: added before the softmax. */
static void softmax_with(float *weights, const float *scores, int n, float added) {
    float top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++) weights[j] = scores[j] + added, top = fmaxf(top, weights[j]);
    for (int j = 0; j < n; j++) sum += weights[j] = expf(weights[j] - top);
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

static void tell_empty_row(const Heads *h, int head) {
    int n = h->n, last = n - 1;
    Mat q = head_columns(h, h->q, head), k = head_columns(h, h->k, head), scores = mat_new(1, n), row = mat_new(1, n);
    bool *nothing = memory_new((size_t)n * (size_t)n, sizeof *nothing, "an empty mask");
    mat_mul_nt(scores, 1 / sqrtf((float)q.cols), mat_rows(q, last, 1), k, 0);
    printf("a row with nothing allowed: `%s`, were every word padding\n", h->words[last]);
    softmax_with(row.data, scores.data, n, 0);
    print_row("its weights without a mask", row.data, n);
    softmax_with(row.data, scores.data, n, -INFINITY);
    print_row("scores + -infinity, then softmax", row.data, n);
    softmax_with(row.data, scores.data, n, -1e9f);
    print_row("scores + -1e9, then softmax", row.data, n);
    attention_softmax(scores, 1, (Mask){.picture = nothing, .tokens = n});
    print_row("ours", scores.data, n);
    memory_free(nothing);
    mat_free(&scores), mat_free(&row);
}

/* ---- 5. Told once, lives once, proven equal ---- */

static void prove_rule(const ListedMask *m, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (allowed_told(m, i, j) != mask_allows(m->mask.rule, i, j))
                fail(EXIT_DATA, "told and common differ: %s, may %d look at %d?", m->mask.title, i, j);
}

static void prove_reach(const ListedMask *m, int n) {
    Reach reach = reach_new(m->mask.rule, n);
    int there = reach.first[n - 1], back = reach.first[(size_t)n * (size_t)(n - 1)];
    reach_free(&reach);
    if (there != layers_told(m->mask.rule, n, 0, n - 1) || back != layers_told(m->mask.rule, n, n - 1, 0))
        fail(EXIT_DATA, "told and common differ: %s, layers from end to end", m->mask.title);
}

static void prove(const Masked *masked) {
    const Heads *h = masked->heads;
    int n = h->n, head = h->chosen[0];
    Mat q = head_columns(h, h->q, head), map = mat_new(n, n), context = mat_new(n, q.cols);
    for (int i = 0; i < masked->list.count; i++) {
        float in_map, in_context;
        attention_told(context, map, q, head_columns(h, h->k, head), head_columns(h, h->v, head), &masked->list.at[i]);
        bool agree = mat_agree(masked_map(masked, i, head), map, &in_map);
        agree = mat_agree(head_columns(h, masked->context[i], head), context, &in_context) && agree;
        if (!agree)
            fail(EXIT_DATA, "told and common differ: %s, by %g in the weights, by %g in the contexts",
                 masked->list.at[i].mask.title, (double)in_map, (double)in_context);
        prove_rule(&masked->list.at[i], n);
        prove_reach(&masked->list.at[i], n);
    }
    mat_free(&map), mat_free(&context);
}

/* Fails, or says that all is well: rules, weights, contexts and layers of all masks. */
static void prove_all(const Masked *one, const Masked *more) {
    enum { LONGEST = 128 };
    const Heads *h = one->heads;
    if (h->n > LONGEST || h->in_model) {
        note("told in loops only up to %d tokens and with --mask-scope head, so there is no proof this time", LONGEST);
        return;
    }
    prove(one);
    if (more) prove(more);
    printf("told and common agree: max difference < 1e-5\n");
}

/* ---- 6. The program ---- */

typedef struct {
    const Heads *heads;
    Mask mask;
    Mat maps, context;
} Timed;

static void run_masked(void *run) {
    Timed *r = run;
    heads_under(r->heads, r->mask, r->maps, r->context);
}

static void time_masked(const Choices *ask, const Heads *h, Mask mask) {
    Timed run = {h, mask, mat_new(h->heads * h->n, h->n), mat_new(h->n, h->q.cols)};
    time_report(ask->common.time, run_masked, &run, h->n, "tokens");
    mat_free(&run.maps), mat_free(&run.context);
}

/* One mask in detail, then the usual ones beside it. */
static void tell_lesson(const Choices *ask, const Heads *h, MaskList one) {
    MaskOptions own = ask->mask;
    own.said.valid = -1; /* --valid is for the mask in detail */
    MaskList all = mask_list_read("compare", USUAL_MASKS, &own, h->n);
    if (h->is_causal) mask_list_make_causal(&all);
    Masked detail = masked_new(h, one), masked = masked_new(h, all);
    int head = h->chosen[0];
    tell_rule(ask, &detail, 0, head);
    tell_comparison(&masked, head);
    tell_most_attended(&masked, head);
    if (!ask->model) tell_lengths(ask);
    tell_empty_row(h, head);
    prove_all(&detail, &masked);
    draw_rule(ask, &detail, 0, head);
    draw_gallery(ask, &masked, "gallery");
    draw_reach(ask, &masked);
    draw_cost(ask);
    if (!ask->show.terminal)
        note("drawn into %s: mask, gallery, reach, cost%s", ask->common.out,
             ask->model ? "" : ", and galleries of 2, 9 and 25 words");
    masked_free(&detail), masked_free(&masked);
    mask_list_free(&all);
}

static void tell_compared(const Choices *ask, const Heads *h, MaskList list) {
    Masked masked = masked_new(h, list);
    int head = h->chosen[0];
    if (ask->tsv) write_tsv(ask, &masked);
    if (!ask->tsv || strcmp(ask->tsv, "-") != 0) {
        tell_comparison(&masked, head);
        tell_most_attended(&masked, head);
        tell_lost_pairs(&masked, head);
        tell_moved(&masked, head);
        tell_cost(&masked, ask->tokens ? ask->tokens : h->n);
        if (!ask->tsv) prove_all(&masked, NULL);
        draw_gallery(ask, &masked, "compare");
        draw_lost(ask, &masked, head);
        draw_reach(ask, &masked);
        if (!ask->show.terminal) note("drawn into %s: compare, lost, reach", ask->common.out);
    }
    masked_free(&masked);
}

/* --print: the rule alone, at any length; no text, no head. */
static void print_mask(const Choices *ask) {
    int n = ask->tokens;
    if (!n) {
        Heads h = heads_open(ask);
        n = h.n;
        heads_close(&h);
    }
    MaskList one = mask_list_of(&ask->mask, n);
    mask_print(one.at[0].mask.rule, n, stdout);
    mask_list_free(&one);
}

static void look_at_heads(const Choices *ask) {
    Heads heads = heads_open(ask);
    MaskList list = masks_asked(ask, &heads);
    if (ask->common.time) time_masked(ask, &heads, list.at[0].mask.rule);
    else if (ask->compare) tell_compared(ask, &heads, list);
    else tell_lesson(ask, &heads, list);
    mask_list_free(&list);
    heads_close(&heads);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (ask.print) print_mask(&ask);
    else look_at_heads(&ask);
    memory_free(ask.command);
    return finish();
}
