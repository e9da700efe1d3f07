/* Stage 13 - Efficient: the same numbers with less work. Where the time goes; one product in place of three; products
 * of few rows; tiles that a mask lets us skip; a softmax that never sees its whole row. Each is told in plain loops and
 * proven equal to what common/ does. Run: make run-13 */
#include "attention/attention.h"
#include "attention/banded.h"
#include "attention/streaming.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "lesson.h"
#include "math/layers.h"
#include "math/rows.h"
#include "show/label.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void expect_agreement(const char *what, Mat common, Mat told) {
    float apart;
    if (!mat_agree(common, told, &apart))
        fail(EXIT_DATA, "told and common differ: by %g in the %s", (double)apart, what);
}

static Mat random_mat(Rng *rng, int rows, int cols) {
    Mat m = mat_new(rows, cols);
    rng_normal(rng, m.data, (size_t)rows * (size_t)cols, 0, 1);
    return m;
}

/* ---- 1. Where the time goes ---- */

/* Multiply-adds count as two. Four matrices of C x C (queries, keys, values, output) act on n rows: 8 n C^2. Scores and
 * mixtures touch each pair of words: 4 n^2 C. The softmax takes one exponential a pair and head, and a plain pass keeps
 * its maps: 4 bytes for each of them. */
static void tell_where(int heads, int width) {
    printf("one layer's attention, %d heads, width %d: operations and exponentials in millions, maps in megabytes\n",
           heads, width);
    printf("  %7s %12s %12s %8s %12s %10s\n", "tokens", "8 n C^2", "4 n^2 C", "share", "exp: H n^2", "maps");
    for (int n = width / 8 > 1 ? width / 8 : 1; n <= 32 * width; n *= 4) {
        double rows = 8.0 * n * width * width, pairs = 4.0 * n * n * width;
        double cells = (double)heads * n * n;
        printf("  %7d %12.1f %12.1f %7.1f%% %12.3f %10.3f\n", n, rows / 1e6, pairs / 1e6, 100 * pairs / (rows + pairs),
               cells / 1e6, cells * sizeof(float) / 1e6);
    }
    printf("  half and half at n = 2C = %d\n", 2 * width);
}

/* ---- 2. Few rows, and three products in one ---- */

/* y (n, m) = x (n, k) w (m, k)^T. Both are read along their rows, as they lie in memory. With few rows of x the time
 * goes into fetching w, so what matters is to fetch each of its rows once: the loop over w is outside. */
static void few_rows_told(Mat y, Mat x, Mat w) {
    for (int o = 0; o < w.rows; o++)
        for (int i = 0; i < x.rows; i++) {
            double sum = 0;
            for (int c = 0; c < w.cols; c++) sum += (double)mat_at(x, i, c) * (double)mat_at(w, o, c);
            mat_row(y, i)[o] = (float)sum;
        }
}

/* W_Q, W_K and W_V stacked are one matrix of 3C rows; its product's columns are q, k and v, side by side, as views. */
static void prove_products(Rng *rng, int width) {
    enum { WORDS = 7 };
    Mat x = random_mat(rng, WORDS, width), stacked = random_mat(rng, 3 * width, width);
    Mat told = mat_new(WORDS, 3 * width), common = mat_new(WORDS, 3 * width), one = mat_new(WORDS, width);
    few_rows_told(told, x, stacked);
    rows_times_weights(common, x, stacked, NULL, 0, stacked.rows);
    expect_agreement("product of few rows", common, told);
    mat_mul_nt(common, 1, x, stacked, 0);
    expect_agreement("product by OpenBLAS", common, told);
    for (int part = 0; part < 3; part++) {
        linear_forward(NULL, one, x, (Linear){mat_rows(stacked, part * width, width), NULL}, ACTIVATION_NONE);
        expect_agreement("fused product", one, mat_cols(told, part * width, width));
    }
    mat_free(&x), mat_free(&stacked), mat_free(&told), mat_free(&common), mat_free(&one);
}

/* ---- 3. Tiles: what a mask lets us skip ---- */

typedef struct {
    long long full, edge, none, computed, allowed;
} Tiles;

/* Cuts the n x n square into tiles of TILE_KEYS x TILE_KEYS cells. A tile with nothing allowed is skipped, one with
 * everything allowed needs no test, and in the rest each cell is asked. */
static Tiles tiles_told(Mask mask, int n) {
    Tiles t = {0};
    for (int top = 0; top < n; top += TILE_KEYS)
        for (int left = 0; left < n; left += TILE_KEYS) {
            int open = 0, cells = 0;
            for (int i = top; i < top + TILE_KEYS && i < n; i++)
                for (int j = left; j < left + TILE_KEYS && j < n; j++) cells++, open += mask_allows(mask, i, j);
            t.none += open == 0, t.full += open == cells, t.edge += open > 0 && open < cells;
            t.computed += open ? cells : 0, t.allowed += open;
        }
    return t;
}

/* common/ finds the same tiles without asking about a single cell: from the ranges that mask_next_span walks. */
static Tiles tiles_planned(Mask mask, int n) {
    Tiles t = {0};
    Strip strip = strip_new(TILE_KEYS, n);
    GlobalTokens globals = global_tokens(mask, n);
    for (int top = 0; top < n; top += TILE_KEYS) {
        long long rows = n - top < TILE_KEYS ? n - top : TILE_KEYS, touched = 0;
        strip_plan(&strip, mask, globals, top, n, n);
        for (int tile = strip_next_tile(&strip, 0); tile >= 0; tile = strip_next_tile(&strip, tile + 1)) {
            long long cols = n - tile * TILE_KEYS < TILE_KEYS ? n - tile * TILE_KEYS : TILE_KEYS, open = 0;
            for (int r = 0; r < rows; r++) open += __builtin_popcount(*strip_words(&strip, tile, r));
            touched++, t.full += open == rows * cols, t.edge += open < rows * cols;
            t.computed += rows * cols, t.allowed += open;
        }
        t.none += strip.tiles - touched;
    }
    strip_free(&strip), memory_free(globals.at);
    return t;
}

static void tell_tiles(const char *title, Mask mask, int n) {
    Tiles t = tiles_told(mask, n), planned = tiles_planned(mask, n);
    if (memcmp(&t, &planned, sizeof t) != 0) fail(EXIT_DATA, "told and common differ: in the tiles of %s", title);
    printf("  %-28s %8lld %6lld %6lld %6lld %8lld\n", title, t.allowed, t.full, t.edge, t.none, t.computed);
}

static void tell_all_tiles(const NamedMask *own, int n) {
    printf("%d x %d cells in tiles of %d x %d\n", n, n, TILE_KEYS, TILE_KEYS);
    printf("  %-28s %8s %6s %6s %6s %8s\n", "mask", "allowed", "full", "edge", "none", "computed");
    tell_tiles("none", (Mask){0}, n);
    tell_tiles("causal", (Mask){.causal = true}, n);
    tell_tiles("sliding, window 32", (Mask){.causal = true, .window = 32}, n);
    tell_tiles("global-local, 16 and 2", (Mask){.window = 17, .global = 2}, n);
    tell_tiles(own->title, own->rule, n);
}

/* ---- 4. A softmax that streams ---- */

/* One query against its keys, one at a time. top and total belong to the keys seen so far; a new largest score makes
 * everything summed under the old one count for less, by exp(old - new). No row of scores is ever kept. Prints the
 * state after each key when `show`. */
static void stream_row_told(float *out, Mat q, Mat k, Mat v, int i, Mask mask, bool show) {
    double top = -INFINITY, total = 0, mixed[4096] = {0};
    for (int j = 0; j < k.rows; j++) {
        if (!mask_allows(mask, i, j)) continue;
        double score = 0;
        for (int c = 0; c < q.cols; c++) score += (double)mat_at(q, i, c) * (double)mat_at(k, j, c);
        score /= sqrt(q.cols);
        double higher = fmax(top, score), shrink = exp(top - higher), weight = exp(score - higher);
        total = total * shrink + weight;
        for (int c = 0; c < v.cols; c++) mixed[c] = mixed[c] * shrink + weight * (double)mat_at(v, j, c);
        top = higher;
        if (show) printf("  %5d %8.4f %8.4f %8.4f %8.4f %8.4f\n", j, score, top, shrink, total, mixed[0] / total);
    }
    for (int c = 0; c < v.cols; c++) out[c] = total > 0 ? (float)(mixed[c] / total) : 0;
}

static void tell_stream(Rng *rng) {
    Mat q = random_mat(rng, 1, 4), k = random_mat(rng, 6, 4), v = random_mat(rng, 6, 4);
    float out[4];
    printf("one query, six keys: what is known after each\n");
    printf("  %5s %8s %8s %8s %8s %8s\n", "key", "score", "largest", "shrink", "total", "out[0]");
    stream_row_told(out, q, k, v, 0, (Mask){0}, true);
    mat_free(&q), mat_free(&k), mat_free(&v);
}

/* ---- 5. Told once, lives once, proven equal ---- */

static void prove_attention(const Choices *a, const NamedMask *mask, Workers *workers) {
    Run streaming = run_new(a, a->tokens, mask->rule, false, workers);
    Run plain = run_new(a, a->tokens, mask->rule, true, workers);
    Mat told = mat_new(a->tokens, streaming.q.cols);
    int d = a->head_width;
    for (int h = 0; h < a->heads; h++)
        for (int i = 0; i < a->tokens; i++)
            stream_row_told(mat_row(told, i) + h * d, mat_cols(streaming.q, h * d, d), mat_cols(streaming.k, h * d, d),
                            mat_cols(streaming.v, h * d, d), i, mask->rule, false);
    run_once(&streaming), run_once(&plain);
    expect_agreement("streaming pass", streaming.out, told);
    expect_agreement("plain pass", plain.out, told);
    mat_free(&told);
    run_free(&streaming), run_free(&plain);
}

static void lesson(const Choices *a, const NamedMask *mask, Workers *workers) {
    enum { LONGEST = 1024 }; /* plain loops take seconds beyond it, and prove no more */
    if (a->tokens > LONGEST)
        fail(EXIT_USAGE, "--tokens %d: the lesson tells everything in loops (expected at most %d). Try: --time 5",
             a->tokens, LONGEST);
    Rng rng = rng_seed(a->common.seed);
    tell_where(a->heads, a->heads * a->head_width);
    prove_products(&rng, a->heads * a->head_width);
    tell_all_tiles(mask, a->tokens);
    tell_stream(&rng);
    prove_attention(a, mask, workers);
    printf("told and common agree: max difference < 1e-5\n");
}

/* ---- 6. The program ---- */

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"},
                 .mask = mask_options_new(MASK_LOCAL),
                 .tokens = 320,
                 .heads = 4,
                 .head_width = 32,
                 .how = STREAMING};
    Options list = {0};
    option_heading(&list, "the work");
    option_int(&list, "tokens", "N", &a.tokens, 1, INT_MAX / 4096, "how many (default 320)");
    option_int(&list, "heads", "H", &a.heads, 1, 64, "how many (default 4)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 4096, "numbers in each head (default 32)");
    option_choice(&list, "how", "streaming|plain", &a.how, "for --time and --export: without maps, or keeping them");
    option_text(&list, "export", "FILE", &a.export, "q, k, v and out (heads, n, d) as safetensors");
    mask_options_add(&list, &a.mask);
    show_options_add(&list, &a.show);
    Program program = {"13_efficient", "the same attention with less work: tiles, streaming softmax, few rows",
                       "  13_efficient\n"
                       "  13_efficient --mask local --window 128 --tokens 16384 --heads 8 --head-width 64 --time 10\n"
                       "  13_efficient --mask causal --tokens 4096 --how plain --time 3\n"};
    options_parse(&a.common, program, &list, argc, argv);
    if (a.common.text || a.common.file)
        fail(EXIT_USAGE, "this stage works on random numbers (expected no TEXT). Try: --tokens");
    if ((long long)a.heads * a.head_width > 4096)
        fail(EXIT_USAGE, "--heads %d of --head-width %d are %d numbers a token (expected at most 4096)", a.heads,
             a.head_width, a.heads * a.head_width);
    show_options_ready(&a.show, &a.common, argc, argv, !a.common.time && !a.export);
    return a;
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    bool tool = a.common.time || a.export;
    NamedMask mask = mask_from_options(&a.mask, a.tokens);
    Workers *workers = workers_new(a.common.threads);
    if (tool) {
        Run run = run_new(&a, a.tokens, mask.rule, a.how == PLAIN, workers);
        if (a.common.time) report_time(&a, &run);
        else run_once(&run);
        if (a.export) export_run(a.export, &run);
        run_free(&run);
    } else {
        lesson(&a, &mask, workers);
        draw_times(&a, workers);
        draw_memory(&a);
        draw_products(&a, few_rows_told);
        show_drawn(&a.show, "time, memory, products");
    }
    workers_free(workers);
    named_mask_free(&mask);
    show_options_free(&a.show);
    return finish();
}
