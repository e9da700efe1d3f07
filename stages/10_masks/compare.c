/* compare - what a mask takes away from a head, and what it costs, in numbers. */
#include "attention/attention.h"
#include "attention/mask_cost.h"
#include "attention/streaming.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/plural.h"
#include "base/progress.h"
#include "math/init.h"
#include "tool.h"
#include "show/label.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

Masked masked_new(Heads *h, MaskList list) {
    Masked m = {.heads = h, .list = list};
    heads_check_room(h, list.count + 1);
    m.maps = memory_new((size_t)list.count, sizeof *m.maps, "maps");
    m.context = memory_new((size_t)list.count, sizeof *m.context, "contexts");
    m.hidden = memory_new((size_t)list.count, sizeof *m.hidden, "hidden cells");
    for (int i = 0; i < list.count; i++) {
        m.hidden[i] = mask_hidden_cells(list.at[i].mask.rule, h->n, h->n);
        m.maps[i] = mat_new(h->heads * h->n, h->n);
        m.context[i] = mat_new(h->n, h->attention.q.cols);
        heads_under(h, list.at[i].mask.rule, m.maps[i], m.context[i]);
    }
    return m;
}

void masked_free(Masked *m) {
    for (int i = 0; i < m->list.count; i++)
        mat_free(&m->maps[i]), mat_free(&m->context[i]), memory_free((bool *)m->hidden[i]);
    memory_free(m->maps), memory_free(m->context), memory_free(m->hidden);
}

Mat masked_map(const Masked *m, int mask, int head) {
    return attention_map(m->maps[mask], m->heads->n, head);
}

static double entropy_of(Mat map) {
    double nats = 0;
    for (int i = 0; i < map.rows; i++)
        for (int j = 0; j < map.cols; j++) {
            double p = (double)mat_at(map, i, j);
            if (p > 0) nats -= p * log(p);
        }
    return nats;
}

static int layers_between(Mask mask, int n, int query, int key) {
    int layers;
    return reach_layers(mask, n, query, key, &layers) ? layers : -1;
}

Taken taken_of(const Masked *m, int mask, int head) {
    const Heads *h = m->heads;
    Mask rule = m->list.at[mask].mask.rule;
    Mat before = attention_map(h->maps, h->n, head), after = masked_map(m, mask, head);
    float *rows = memory_new((size_t)h->n, sizeof *rows, "rows");
    Taken t = {.cells = mask_count(rule, h->n), .formula = mask_closed_form(rule, h->n)};
    mask_lost_mass(rows, before, rule);
    t.lost = rows_mean(rows, h->n);
    map_row_shift(rows, after, before);
    t.shift = rows_mean(rows, h->n);
    rows_moved(rows, head_columns(h, m->context[mask], head), head_columns(h, h->context, head));
    t.moved = rows_mean(rows, h->n);
    t.entropy = entropy_of(after);
    t.ceiling = mask_entropy_ceiling(rule, h->n);
    t.there = layers_between(rule, h->n, 0, h->n - 1), t.back = layers_between(rule, h->n, h->n - 1, 0);
    memory_free(rows);
    return t;
}

/* ---- the cost at another length ---- */

/* The same rule for so many tokens: window, global, ... keep their numbers. False for a drawn pattern, which has only
 * the size that it was drawn in. */
static bool fits(Mask rule, int n, int tokens) {
    return tokens == n || !rule.picture;
}

typedef struct {
    Workers *workers;
    Attention attention;
    Mat out;
} Streaming;

static void stream_once(void *streaming) {
    Streaming *s = streaming;
    attention_streaming(s->workers, s->attention, s->out);
}

/* In milliseconds: streaming attention (stage 13) on random numbers, all heads, behind a first run to warm up. */
static double fastest_run(const Heads *h, Mask rule, int tokens) {
    int width = h->attention.q.cols;
    Rng rng = rng_seed(1);
    Mat qkv = init_normal_new(&rng, tokens, 3 * width), out = mat_new(tokens, width);
    Mat q = mat_cols(qkv, 0, width), k = mat_cols(qkv, width, width), v = mat_cols(qkv, 2 * width, width);
    Streaming run = {h->workers, attention_of(q, k, v, h->heads, rule), out};
    stream_once(&run);
    double fastest = time_fastest(20, 1, stream_once, &run);
    mat_free(&qkv), mat_free(&out);
    return fastest * 1e3;
}

/* ---- the table for other programs ---- */

static const char HEADER[] = "mask\tscope\tallowed_cells\tlost_mass\trow_shift\tlayers_to_reach\tnormalised_entropy\t"
                             "milliseconds\tbytes\tlayer\thead\tcontext_shift\ttokens\n";

static void add_real(String *out, double value) {
    if (isfinite(value)) string_add(out, "\t%.6g", value);
    else string_add(out, isnan(value) ? "\tnan" : "\tinf");
}

/* What one mask costs at --tokens: the same for all heads. */
static void add_cost(String *out, const Heads *h, Mask rule, int tokens) {
    if (!fits(rule, h->n, tokens)) {
        string_add(out, "\tnan\tnan");
        return;
    }
    add_real(out, fastest_run(h, rule, tokens));
    string_add(out, "\t%.0f", mask_cost(rule, tokens, h->heads, h->attention.q.cols / h->heads).scratch_bytes);
}

static void add_row(String *out, const Choices *ask, const Masked *m, int mask, int head, const char *cost) {
    int tokens = ask->tokens ? ask->tokens : m->heads->n;
    Taken t = taken_of(m, mask, head);
    string_add(out, "%s\t%s\t%lld", m->list.at[mask].mask.title, SCOPES[ask->scope], t.cells);
    add_real(out, t.lost), add_real(out, t.shift);
    add_real(out, t.there < 0 ? (double)INFINITY : (double)t.there);
    add_real(out, t.ceiling > 0 ? t.entropy / t.ceiling : NAN);
    string_add(out, "%s\t%d\t%d", cost, ask->layer, head);
    add_real(out, t.moved);
    string_add(out, "\t%d\n", tokens);
}

/* Counting pairs takes no time at any length; timing them takes time, and room. Better one line now than an answer
 * tomorrow. */
static void check_patience(const Masked *m, int tokens) {
    const double most = 1e14, most_bytes = 8e9; /* operations: minutes to half an hour */
    const Heads *h = m->heads;
    double bytes = 4.0 * h->attention.q.cols * tokens * sizeof(float); /* q, k, v and what comes out */
    if (bytes > most_bytes)
        fail(EXIT_USAGE,
             "--tokens %d: a run takes %.1f GB (expected at most %.0f). Try: --compare without --tsv, which times "
             "nothing",
             tokens, bytes / 1e9, most_bytes / 1e9);
    for (int i = 0; i < m->list.count; i++) {
        Mask rule = m->list.at[i].mask.rule;
        if (!fits(rule, h->n, tokens)) continue;
        double flops = mask_cost(rule, tokens, h->heads, h->attention.q.cols / h->heads).flops;
        if (flops > most)
            fail(EXIT_USAGE,
                 "--tokens %d: a run of `%s` takes %.2g operations (expected at most %.0g). Try: "
                 "--compare without --tsv, which times nothing",
                 tokens, m->list.at[i].mask.title, flops, most);
    }
}

void write_tsv(const Choices *ask, const Masked *m) {
    String text = {0};
    check_patience(m, ask->tokens ? ask->tokens : m->heads->n);
    string_add(&text, "%s", HEADER);
    for (int i = 0; i < m->list.count; i++) {
        String cost = {0};
        add_cost(&cost, m->heads, m->list.at[i].mask.rule, ask->tokens ? ask->tokens : m->heads->n);
        for (int c = 0; c < m->heads->chosen_count; c++) add_row(&text, ask, m, i, m->heads->chosen[c], cost.text);
        string_free(&cost);
    }
    if (strcmp(ask->tsv, "-") == 0) {
        fwrite(text.text, 1, text.length, stdout);
    } else {
        file_save(ask->tsv, text.text, text.length);
        note("wrote %s: %d masks x %d head%s", ask->tsv, m->list.count, m->heads->chosen_count,
             PLURAL(m->heads->chosen_count));
    }
    string_free(&text);
}

/* ---- the same at a glance ---- */

static void print_bytes(double bytes) {
    static const char *const units[] = {"B ", "KB", "MB", "GB", "TB"};
    int u = 0;
    while (bytes >= 1e4 && u < 4) bytes /= 1e3, u++;
    printf("  %6.0f %s", bytes, units[u]);
}

void tell_cost(const Masked *m, int tokens) {
    const Heads *h = m->heads;
    int d = h->attention.q.cols / h->heads;
    printf(
        "what one layer costs at %d tokens, %d head%s of width %d; maps: the allowed pairs of all heads, kept; stream: "
        "the memory of stage 13, for each thread\n",
        tokens, h->heads, PLURAL(h->heads), d);
    printf("  %-34s %13s  %7s  %8s  %9s  %9s  %9s\n", "", "pairs", "of all", "GFLOP", "maps", "stream", "first>last");
    for (int i = 0; i < m->list.count; i++) {
        Mask rule = m->list.at[i].mask.rule;
        printf("  "), name_print(stdout, m->list.at[i].mask.title, 34, false);
        if (!fits(rule, h->n, tokens)) {
            printf("  drawn for %d token%s\n", h->n, PLURAL(h->n));
            continue;
        }
        MaskCost cost = mask_cost(rule, tokens, h->heads, d);
        printf(" %13lld  %6.2f%%  %8.3g", cost.cells, 100 * (double)cost.cells / ((double)tokens * tokens),
               cost.flops / 1e9);
        print_bytes(cost.kept_bytes), print_bytes(cost.scratch_bytes);
        char layers[16] = "never";
        int number;
        bool known = reach_layers(rule, tokens, 0, tokens - 1, &number);
        if (number >= 0) snprintf(layers, sizeof layers, known ? "%d" : ">%d", number);
        printf("  %9s\n", layers);
    }
}
