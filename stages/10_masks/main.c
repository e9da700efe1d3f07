/* Stage 10 - Masks: who may look at whom. A mask is a rule about one pair of words; here each rule is told in one line,
 * attention asks it pair by pair, and both are proven equal to common/attention, which walks over ranges of allowed
 * keys and never asks about a forbidden pair. The rest of the folder measures, prints and draws. Run: make run-10 */
#include "attention/attention.h"
#include "base/error.h"
#include "math/paper.h"
#include "tool.h"

#include <math.h>
#include <string.h>

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
    case MASK_SINKS: return j <= i && (is_global || i - j < W || j < said.sinks);
    case MASK_STRIDED: return j <= i && (is_global || i - j < W || (i - j) % W == 0);
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
static void softmax_told(double *scores, int n, int i, const ListedMask *m) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++)
        if (allowed_told(m, i, j)) top = fmax(top, scores[j]);
    for (int j = 0; j < n; j++) {
        scores[j] = allowed_told(m, i, j) ? exp(scores[j] - top) : 0;
        sum += scores[j];
    }
    for (int j = 0; j < n && sum > 0; j++) scores[j] /= sum;
}

/* scale is 1 / sqrt(d_head); bias (n, n) is 0 but for a model with ALiBi. */
static void attention_told(Paper context, Paper map, Paper q, Paper k, Paper v, double scale, Paper bias,
                           const ListedMask *m) {
    int n = q.rows;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            double dot = 0;
            for (int c = 0; c < q.cols; c++) dot += q.at[i][c] * k.at[j][c];
            map.at[i][j] = scale * dot + bias.at[i][j];
        }
        softmax_told(map.at[i], n, i, m);
        for (int c = 0; c < v.cols; c++) {
            context.at[i][c] = 0;
            for (int j = 0; j < n; j++) context.at[i][c] += map.at[i][j] * v.at[j][c];
        }
    }
}

/* ---- 3. News travels one allowed pair a layer ---- */

/* After how many layers does `query` know of `key`? -1: never. */
static int layers_told(Mask mask, int n, int query, int key) {
    int *known = memory_new((size_t)n, sizeof *known, "known tokens"), count = 1, layers = 0, done = 0;
    bool *is_known = memory_new((size_t)n, sizeof *is_known, "known tokens");
    known[0] = query;
    is_known[query] = true;
    while (!is_known[key] && done < count) {
        layers++;
        for (int end = count; done < end; done++) /* all that the query knew of before this layer */
            for (Span s = {0}; mask_next_span(mask, n, known[done], &s);)
                for (long long j = s.first; j < s.end; j += s.step) {
                    if (!is_known[j]) known[count++] = (int)j;
                    is_known[j] = true;
                }
    }
    bool reached = is_known[key];
    memory_free(known), memory_free(is_known);
    return reached ? layers : -1;
}

/* ---- 4. Told once, lives once, proven equal ---- */

/* The rule of every pair, and the layers from either end of the text to the other. */
static void prove_rule(const ListedMask *m, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (allowed_told(m, i, j) != mask_allows(m->mask.rule, i, j))
                fail(EXIT_DATA, "told and common differ: %s, may %d look at %d?", m->mask.title, i, j);
    Reach reach = reach_new(m->mask.rule, n);
    int there = reach.first[n - 1], back = reach.first[(size_t)n * (size_t)(n - 1)];
    reach_free(&reach);
    if (there != layers_told(m->mask.rule, n, 0, n - 1) || back != layers_told(m->mask.rule, n, n - 1, 0))
        fail(EXIT_DATA, "told and common differ: %s, layers from end to end", m->mask.title);
}

/* Returns the largest score, by which weights are as exact as they are. */
static double prove(const Masked *masked) {
    const Heads *h = masked->heads;
    int head = h->chosen[0];
    Attention one = attention_head(h->attention, head);
    Paper q = paper_of(one.q), k = paper_of(one.k), v = paper_of(one.v), bias = heads_bias(h, head);
    Paper map = paper_new(h->n, h->n), context = paper_new(h->n, one.q.cols);
    double scores = attention_largest_score(&one);
    for (int i = 0; i < masked->list.count; i++) {
        const ListedMask *m = &masked->list.at[i];
        attention_told(context, map, q, k, v, attention_scale(&one), bias, m);
        prove_scored(m->mask.title, masked_map(masked, i, head), map, scores);
        prove_scored(m->mask.title, head_columns(h, masked->context[i], head), context, scores);
        prove_rule(m, h->n);
    }
    papers_free((Paper *[]){&q, &k, &v, &bias, &map, &context, NULL});
    return scores;
}

/* ---- 5. The program ---- */

/* One mask in detail, then the usual ones beside it. */
static void tell_lesson(const Choices *ask, Heads *h, MaskList one) {
    MaskList all = masks_usual(ask, h);
    Masked detail = masked_new(h, one), masked = masked_new(h, all);
    int head = h->chosen[0];
    tell_rule(ask, &detail, 0, head);
    tell_comparison(&masked, head);
    tell_most_attended(&masked, head);
    if (!ask->model) tell_lengths(ask);
    tell_empty_row(h, head);
    if (can_be_told(h)) prove(&detail), prove_done_scored(prove(&masked));
    draw_lesson(ask, &detail, &masked);
    masked_free(&detail), masked_free(&masked);
    mask_list_free(&all);
}

static void tell_compared(const Choices *ask, Heads *h, MaskList list) {
    Masked masked = masked_new(h, list);
    if (ask->tsv) write_tsv(ask, &masked);
    if (!ask->tsv || strcmp(ask->tsv, "-") != 0) {
        print_compared(ask, &masked);
        if (!ask->tsv && can_be_told(h)) prove_done_scored(prove(&masked));
        draw_compared(ask, &masked);
    }
    masked_free(&masked);
}

static void look_at_heads(const Choices *ask) {
    Heads *heads = heads_open(ask);
    MaskList list = masks_asked(ask, heads);
    if (ask->common.time) time_masked(ask, heads, list.at[0].mask.rule);
    else if (ask->compare) tell_compared(ask, heads, list);
    else tell_lesson(ask, heads, list);
    mask_list_free(&list);
    heads_close(heads);
}

int main(int argc, char **argv) {
    Choices ask = choices_parse(argc, argv);
    if (ask.print) print_mask(&ask);
    else look_at_heads(&ask);
    show_options_free(&ask.show);
    return finish();
}
