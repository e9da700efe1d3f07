/* Stage 12 - Multi-head attention: several heads look at the same words, each through its own columns. A wrapper that
 * holds H small heads and one large head cut into H column views are the same thing, and here both are run.
 * Run: make run-12 */
#include "attention/attention.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "lesson.h"
#include "math/init.h"
#include "math/layers.h"
#include "show/grid.h"
#include "show/label.h"
#include "show/table.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. One head, as in stages 09 and 11 ---- */

void project_told(Mat y, Mat x, Mat w, const float *bias) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < w.rows; o++) {
            double sum = bias ? (double)bias[o] : 0;
            for (int c = 0; c < x.cols; c++) sum += (double)mat_at(x, i, c) * (double)mat_at(w, o, c);
            mat_row(y, i)[o] = (float)sum;
        }
}

void head_told(Mat out, Mat map, Mat q, Mat k, Mat v, Mask mask) {
    for (int i = 0; i < q.rows; i++) {
        double sum = 0;
        for (int j = 0; j < k.rows; j++) {
            double dot = 0;
            for (int c = 0; c < q.cols; c++) dot += (double)mat_at(q, i, c) * (double)mat_at(k, j, c);
            double share = mask_allows(mask, i, j) ? exp(dot / sqrt(q.cols)) : 0;
            mat_row(map, i)[j] = (float)share;
            sum += share;
        }
        for (int j = 0; j < k.rows; j++) mat_row(map, i)[j] = sum > 0 ? (float)((double)mat_at(map, i, j) / sum) : 0;
        for (int c = 0; c < v.cols; c++) {
            double mixed = 0;
            for (int j = 0; j < k.rows; j++) mixed += (double)mat_at(map, i, j) * (double)mat_at(v, j, c);
            mat_row(out, i)[c] = (float)mixed;
        }
    }
}

void expect_agreement(const char *what, Mat common, Mat told) {
    float apart;
    if (!mat_agree(common, told, &apart))
        fail(EXIT_DATA, "told and common differ: by %g in the %s", (double)apart, what);
}

/* ---- 2. A wrapper of H heads, and the same weights as one matrix ---- */

/* All weights of H heads in three matrices of H * d rows: rows h * d and on belong to head h. Drawn head by head, Q, K
 * and V in turn, as the book's wrapper makes its heads. */
typedef struct {
    Mat wq, wk, wv; /* (heads * d, C) */
    Mat q, k, v;    /* (n, heads * d) */
    Mat maps, out;  /* (heads * n, n), (n, heads * d) */
    Mat x;          /* (n, C), borrowed */
    int heads;
    Mask mask;
} Heads;

static Heads heads_new(const Choices *a, Mat x, Mask mask) {
    int rows = a->heads * a->head_width, n = x.rows;
    Heads h = {.x = x, .heads = a->heads, .mask = mask};
    h.wq = mat_new(rows, x.cols), h.wk = mat_new(rows, x.cols), h.wv = mat_new(rows, x.cols);
    h.q = mat_new(n, rows), h.k = mat_new(n, rows), h.v = mat_new(n, rows);
    h.maps = mat_new(a->heads * n, n), h.out = mat_new(n, rows);
    Rng rng = rng_seed(a->common.seed);
    for (int head = 0; head < a->heads; head++) {
        int first = head * a->head_width;
        init_linear(&rng, mat_rows(h.wq, first, a->head_width), NULL);
        init_linear(&rng, mat_rows(h.wk, first, a->head_width), NULL);
        init_linear(&rng, mat_rows(h.wv, first, a->head_width), NULL);
    }
    return h;
}

static void heads_free(Heads *h) {
    Mat *all[] = {&h->wq, &h->wk, &h->wv, &h->q, &h->k, &h->v, &h->maps, &h->out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

/* The wrapper: each head projects with its own rows of the weights, attends, and writes its own columns of out. */
static void wrapper_told(Mat out, Mat maps, const Heads *h) {
    int n = h->x.rows, d = out.cols / h->heads;
    Mat q = mat_new(n, d), k = mat_new(n, d), v = mat_new(n, d);
    for (int head = 0; head < h->heads; head++) {
        project_told(q, h->x, mat_rows(h->wq, head * d, d), NULL);
        project_told(k, h->x, mat_rows(h->wk, head * d, d), NULL);
        project_told(v, h->x, mat_rows(h->wv, head * d, d), NULL);
        head_told(mat_cols(out, head * d, d), mat_rows(maps, head * n, n), q, k, v, h->mask);
    }
    mat_free(&q), mat_free(&k), mat_free(&v);
}

/* The split: project once with all rows, and let head h look at columns h * d and on. A view, no copy. */
static void heads_run(void *heads) {
    Heads *h = heads;
    LinearJob jobs[] = {{h->q, {h->wq, NULL}}, {h->k, {h->wk, NULL}}, {h->v, {h->wv, NULL}}};
    linear_forward_all(NULL, jobs, 3, h->x, ACTIVATION_NONE);
    attention_forward(attention_of(h->q, h->k, h->v, h->heads, h->mask), h->out, h->maps);
}

/* Queries, keys and values by one product: the three matrices stacked are one of 3 H d rows, its result three views. */
static void prove_fused(const Heads *h) {
    int n = h->x.rows, rows = h->wq.rows;
    Mat stacked = mat_new(3 * rows, h->x.cols), qkv = mat_new(n, 3 * rows), out = mat_new(n, rows);
    Mat maps = mat_new(h->maps.rows, n);
    mat_copy(mat_rows(stacked, 0, rows), h->wq);
    mat_copy(mat_rows(stacked, rows, rows), h->wk);
    mat_copy(mat_rows(stacked, 2 * rows, rows), h->wv);
    linear_forward(NULL, qkv, h->x, (Linear){stacked, NULL}, ACTIVATION_NONE);
    attention_forward(attention_of(mat_cols(qkv, 0, rows), mat_cols(qkv, rows, rows), mat_cols(qkv, 2 * rows, rows),
                                   h->heads, h->mask),
                      out, maps);
    expect_agreement("fused product", h->out, out);
    mat_free(&stacked), mat_free(&qkv), mat_free(&out), mat_free(&maps);
}

static void tell_heads(const Heads *h, const Toy *toy) {
    const char **words = toy->words;
    Mat out = mat_new(h->out.rows, h->out.cols), maps = mat_new(h->maps.rows, h->maps.cols);
    wrapper_told(out, maps, h);
    char title[96];
    snprintf(title, sizeof title, "contexts of %d heads of width %d, side by side", h->heads, h->q.cols / h->heads);
    table_print(stdout, h->out, (TableOptions){title, .rows = words});
    expect_agreement("maps", h->maps, maps);
    expect_agreement("contexts", h->out, out);
    prove_fused(h);
    printf("told and common agree: max difference < 1e-5 (%d small heads = one matrix cut into %d views = one fused "
           "product)\n",
           h->heads, h->heads);
    mat_free(&out), mat_free(&maps);
}

/* ---- 3. The module everyone writes: heads, then one more matrix that mixes them ---- */

/* Weights drawn in the order of the book's MultiHeadAttention: all of Q, K, V, then the output matrix and its bias. */
static void tell_module(const Choices *a, const Toy *toy, Mask mask) {
    int n = toy->n, width = a->out_width;
    Mat wq = mat_new(width, toy->x.cols), wk = mat_new(width, toy->x.cols), wv = mat_new(width, toy->x.cols);
    Mat wo = mat_new(width, width), bias = mat_new(1, width);
    Rng rng = rng_seed(a->common.seed);
    init_linear(&rng, wq, NULL), init_linear(&rng, wk, NULL), init_linear(&rng, wv, NULL);
    init_linear(&rng, wo, bias.data);
    Mat q = mat_new(n, width), k = mat_new(n, width), v = mat_new(n, width), mixed = mat_new(n, width);
    Mat maps = mat_new(a->heads * n, n), out = mat_new(n, width);
    LinearJob jobs[] = {{q, {wq, NULL}}, {k, {wk, NULL}}, {v, {wv, NULL}}};
    linear_forward_all(NULL, jobs, 3, toy->x, ACTIVATION_NONE);
    attention_forward(attention_of(q, k, v, a->heads, mask), mixed, maps);
    linear_forward(NULL, out, mixed, (Linear){wo, bias.data}, ACTIVATION_NONE);
    char title[112];
    snprintf(title, sizeof title, "a module of width %d: %d heads of width %d, then the output matrix", width, a->heads,
             width / a->heads);
    table_print(stdout, out, (TableOptions){title, .rows = toy->words});
    Mat *all[] = {&wq, &wk, &wv, &wo, &bias, &q, &k, &v, &mixed, &maps, &out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

/* ---- 4. The program ---- */

static void draw_heads(const Choices *a, const Heads *h, const Toy *toy, const char *mask_title) {
    const char **words = toy->words;
    int n = toy->n;
    bool *hidden = mask_hidden_cells(h->mask, n, n);
    if (a->show.terminal) {
        for (int head = 0; head < h->heads; head++) {
            char title[32];
            snprintf(title, sizeof title, "head %d", head);
            terminal_map(terminal_of(stdout), title, attention_map(h->maps, n, head),
                         (TerminalMap){words, words, hidden, SCALE_FIXED, a->show.values});
        }
    } else {
        Mat *maps = memory_new((size_t)h->heads, sizeof *maps, "maps");
        for (int head = 0; head < h->heads; head++) maps[head] = attention_map(h->maps, n, head);
        static const char *const row[] = {""};
        Sheet sheet = {.folder = a->common.out,
                       .name = "heads",
                       .title = "Heads side by side",
                       .subtitle = mask_title,
                       .formats = a->show.format,
                       .command = a->command};
        grid_draw(
            sheet, maps, 1, h->heads,
            (GridOptions){.row_names = row, .row_axis = "", .tokens = words, .hidden = hidden, .scale = SCALE_FIXED});
        memory_free(maps);
    }
    memory_free(hidden);
}

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"},
                 .mask = mask_options_new(MASK_CAUSAL),
                 .width = 3,
                 .heads = 2,
                 .head_width = 2,
                 .out_width = 2};
    Options list = {0};
    option_heading(&list, "the heads");
    option_int(&list, "heads", "H", &a.heads, 1, 256, "how many (default 2)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 4096, "numbers in each head's queries (default 2)");
    option_int(&list, "out-width", "D", &a.out_width, 1, 4096, "width of the module, a multiple of H (default 2)");
    option_int(&list, "width", "C", &a.width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_text(&list, "pair", "TEXT2", &a.pair, "cross-attention: where keys and values come from");
    mask_options_add(&list, &a.mask);
    show_options_add(&list, &a.show);
    Program program = {"12_multi_head", "several heads: a wrapper, a weight split, cross-attention, a whole layer",
                       "  12_multi_head                                        the book's words, 2 heads, causal\n"
                       "  12_multi_head --heads 8 --head-width 16 --out-width 64 --width 64 \"a rose is a rose\"\n"
                       "  12_multi_head --pair \"it was tired\" \"the animal slept\"\n"};
    options_parse(&a.common, program, &list, argc, argv);
    a.asks_mask = mask_options_given(&a.mask);
    if (a.out_width % a.heads)
        fail(EXIT_USAGE, "--out-width %d cannot be cut into %d heads. Try: --out-width %d", a.out_width, a.heads,
             (a.out_width / a.heads + 1) * a.heads);
    show_options_check(&a.show, a.common.out);
    a.command = label_command(argc, argv);
    return a;
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Toy toy = toy_read(&a.common, a.width), other = other_sentence(&a, toy.x.cols);
    NamedMask mask = mask_from_options(&a.mask, toy.n);
    Heads heads = heads_new(&a, toy.x, mask.rule);
    if (a.common.time) {
        time_report(a.common.time, heads_run, &heads, toy.n, "words");
    } else {
        heads_run(&heads);
        tell_heads(&heads, &toy);
        tell_module(&a, &toy, mask.rule);
        draw_heads(&a, &heads, &toy, mask.title);
        tell_cross(&a, &toy, &other);
        tell_layer(&a, &toy, mask.rule);
        if (!a.show.terminal) note("drawn into %s: heads, cross", a.common.out);
    }
    heads_free(&heads);
    named_mask_free(&mask);
    toy_free(&toy), toy_free(&other);
    memory_free(a.command);
    return finish();
}
