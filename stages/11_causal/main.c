/* Stage 11 - Causal attention: no word may look at what comes after it. One mask turns into a promise about time, and
 * the promise is tested: change a word, and nothing before it may move by a single bit. Then dropout.
 * Run: make run-11 */
#include "attention/attention.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "math/init.h"
#include "math/layers.h"
#include "model/toy.h"
#include "show/label.h"
#include "show/panels.h"
#include "show/show_options.h"
#include "show/table.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. Two ways to forbid the future ---- */

/* Before the softmax: a forbidden score becomes minus infinity, and exp(-inf) is 0. scores (n, n) -> weights. */
static void causal_told(Mat scores) {
    for (int i = 0; i < scores.rows; i++) {
        float *row = mat_row(scores, i);
        for (int j = i + 1; j < scores.cols; j++) row[j] = -INFINITY;
        double top = -INFINITY, sum = 0;
        for (int j = 0; j < scores.cols; j++) top = fmax(top, (double)row[j]);
        for (int j = 0; j < scores.cols; j++) sum += exp((double)row[j] - top);
        for (int j = 0; j < scores.cols; j++) row[j] = (float)(exp((double)row[j] - top) / sum);
    }
}

/* After it: forbidden weights of a full softmax (n, n) become 0, and the rest of the row is divided by what is left,
 * which goes to kept [n]. */
static void zero_and_renormalise_told(Mat weights, float *kept) {
    for (int i = 0; i < weights.rows; i++) {
        float *row = mat_row(weights, i);
        double sum = 0;
        for (int j = 0; j <= i; j++) sum += (double)row[j];
        for (int j = 0; j < weights.cols; j++) row[j] = j <= i ? (float)((double)row[j] / sum) : 0;
        kept[i] = (float)sum;
    }
}

/* out (n, d) = weights (n, n) times v (n, d). */
static void mix_told(Mat out, Mat weights, Mat v) {
    for (int i = 0; i < out.rows; i++)
        for (int c = 0; c < out.cols; c++) {
            double sum = 0;
            for (int j = 0; j < v.rows; j++) sum += (double)mat_at(weights, i, j) * (double)mat_at(v, j, c);
            mat_row(out, i)[c] = (float)sum;
        }
}

/* Dropout: each weight is kept with probability 1 - p and then multiplied by 1 / (1 - p), so that a row's sum stays
 * what it was on average. Only while training. The row's own sum may become anything, even 0. */
static void dropout_told(Mat weights, Rng *rng, double p) {
    size_t cells = (size_t)weights.rows * (size_t)weights.cols;
    float *factor = memory_new(cells, sizeof *factor, "dropout");
    rng_dropout(rng, factor, cells, p);
    for (int i = 0; i < weights.rows; i++)
        for (int j = 0; j < weights.cols; j++)
            mat_row(weights, i)[j] *= factor[(size_t)i * (size_t)weights.cols + (size_t)j];
    memory_free(factor);
}

/* ---- 2. The head of stage 09, with a mask ---- */

typedef struct {
    Mat wq, wk, wv; /* (d, C) */
    Mat q, k, v;    /* (n, d) */
    Mat maps, out;  /* (n, n), (n, d) */
} Head;

static Head head_new(int n, int width, int d, uint64_t seed) {
    Rng rng = rng_seed(seed);
    Head h = {mat_new(d, width), mat_new(d, width), mat_new(d, width), mat_new(n, d),
              mat_new(n, d),     mat_new(n, d),     mat_new(n, n),     mat_new(n, d)};
    init_linear(&rng, h.wq, NULL), init_linear(&rng, h.wk, NULL), init_linear(&rng, h.wv, NULL);
    return h;
}

static void head_free(Head *h) {
    Mat *all[] = {&h->wq, &h->wk, &h->wv, &h->q, &h->k, &h->v, &h->maps, &h->out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
}

static void head_run(Head *h, Mat x, Mask mask) {
    linear_forward(NULL, h->q, x, (Linear){h->wq, NULL}, ACTIVATION_NONE);
    linear_forward(NULL, h->k, x, (Linear){h->wk, NULL}, ACTIVATION_NONE);
    linear_forward(NULL, h->v, x, (Linear){h->wv, NULL}, ACTIVATION_NONE);
    attention_forward(attention_of(h->q, h->k, h->v, 1, mask), h->out, h->maps);
}

static const Mask CAUSAL = {.causal = true};

typedef struct {
    Head *head;
    Mat x;
} Run;

static void run_causal(void *run) {
    Run *r = run;
    head_run(r->head, r->x, CAUSAL);
}

/* ---- 3. The lesson ---- */

static void expect_agreement(const char *what, Mat common, Mat told) {
    float apart;
    if (!mat_agree(common, told, &apart))
        fail(EXIT_DATA, "told and common differ: by %g in the %s", (double)apart, what);
}

/* Runs the head without a mask and with it, tells both ways, and leaves the causal weights in `weights`. */
static void tell_mask(Head *h, const Toy *toy, Mat weights, Mat before) {
    int n = toy->n;
    const char **words = toy->words;
    Mat other = mat_new(n, n), out = mat_new(n, h->out.cols);
    float *kept = memory_new((size_t)n, sizeof *kept, "row sums");
    head_run(h, toy->x, (Mask){0});
    mat_copy(before, h->maps);
    mat_copy(other, h->maps);
    zero_and_renormalise_told(other, kept);
    table_print(stdout, (Mat){kept, 1, n, n},
                (TableOptions){"what the softmax had given to the past and the word itself", .cols = words});
    mat_mul_nt(weights, 1 / sqrtf((float)h->q.cols), h->q, h->k, 0);
    causal_told(weights);
    mix_told(out, weights, h->v);
    head_run(h, toy->x, CAUSAL);
    table_print(stdout, h->maps, (TableOptions){"causal weights", .rows = words, .cols = words});
    table_print(stdout, h->out, (TableOptions){"causal contexts", .rows = words});
    expect_agreement("weights", h->maps, weights);
    expect_agreement("weights of the second way", h->maps, other);
    expect_agreement("contexts", h->out, out);
    printf("zero and renormalise = minus infinity before softmax: max difference < 1e-5\n");
    printf("told and common agree: max difference < 1e-5\n");
    mat_free(&other), mat_free(&out);
    memory_free(kept);
}

/* How many of the rows before a changed word moved, over all words; *most is the largest change of a number. */
static int moved_rows(Head *h, Mat x, Mask mask, float *most) {
    int moved = 0;
    Mat before = mat_new(h->out.rows, h->out.cols), changed = mat_new(x.rows, x.cols);
    head_run(h, x, mask);
    mat_copy(before, h->out);
    *most = 0;
    for (int t = 1; t < x.rows; t++) {
        mat_copy(changed, x);
        for (int c = 0; c < x.cols; c++) mat_row(changed, t)[c] = -mat_at(x, t, c); /* another word altogether */
        head_run(h, changed, mask);
        for (int i = 0; i < t; i++) {
            moved += memcmp(mat_row(h->out, i), mat_row(before, i), (size_t)h->out.cols * sizeof(float)) != 0;
            *most = fmaxf(*most, mat_max_diff(mat_rows(h->out, i, 1), mat_rows(before, i, 1)));
        }
    }
    mat_free(&before), mat_free(&changed);
    return moved;
}

static void tell_leak(Head *h, const Toy *toy) {
    int pairs = toy->n * (toy->n - 1) / 2;
    float most, most_causal;
    int moved = moved_rows(h, toy->x, (Mask){0}, &most), moved_causal = moved_rows(h, toy->x, CAUSAL, &most_causal);
    printf("the leak test: change one word, count the rows before it that move by even one bit\n");
    printf("  no mask  %d of %d, by up to %.4f\n", moved, pairs, (double)most);
    printf("  causal   %d of %d\n", moved_causal, pairs);
    if (moved_causal)
        fail(EXIT_DATA, "the future leaks: %d of %d rows moved, by up to %g", moved_causal, pairs, (double)most_causal);
}

static void tell_dropout(Mat dropped, const Toy *toy, double p, uint64_t seed) {
    const char **words = toy->words;
    Mat ones = mat_new(toy->n, toy->n);
    Rng rng = rng_seed(seed), again = rng;
    mat_fill(ones, 1);
    dropout_told(ones, &rng, p);
    char title[80];
    snprintf(title, sizeof title, "dropout %.2g of a matrix of ones", p);
    table_print(stdout, ones, (TableOptions){title, .decimals = 2});
    dropout_told(dropped, &again, p);
    table_print(stdout, dropped, (TableOptions){"the same on the causal weights", .rows = words, .cols = words});
    mat_free(&ones);
}

/* ---- 4. The program ---- */

typedef struct {
    Common common;
    ShowOptions show;
    int width, head_width, head_seed;
    double dropout;
    char *command;
} Choices;

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .width = 3, .head_width = 2, .head_seed = 789, .dropout = 0.5};
    Options list = {0};
    option_heading(&list, "the head");
    option_int(&list, "width", "C", &a.width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 4096, "numbers in a query, key or value (default 2)");
    option_int(&list, "head-seed", "S", &a.head_seed, 0, INT32_MAX,
               "draws Wq, Wk and Wv (default 789; --seed: dropout)");
    option_real(&list, "dropout", "P", &a.dropout, 0, 0.99, "share of the weights that is dropped (default 0.5)");
    show_options_add(&list, &a.show);
    Program program = {"11_causal", "causal attention: no word looks ahead, and a test that proves it",
                       "  11_causal                      the book's six words\n"
                       "  11_causal --head-seed 123      the book's CausalAttention class\n"
                       "  11_causal --dropout 0.1 --width 16 \"the cat sat on the mat\"\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_check(&a.show, a.common.out);
    a.command = label_command(argc, argv);
    return a;
}

static void draw(const Choices *a, const Toy *toy, Mat before, Mat after, Mat dropped) {
    const char **words = toy->words;
    bool *future = mask_hidden_cells(CAUSAL, toy->n, toy->n);
    Panel panels[] = {{"before: everyone sees everyone", before, SCALE_FIXED, NULL},
                      {"causal", after, SCALE_FIXED, future},
                      {"causal, with dropout", dropped, SCALE_FIT, future}};
    if (a->show.terminal) {
        for (int i = 0; i < 3; i++)
            terminal_map(terminal_of(stdout), panels[i].title, panels[i].m,
                         (TerminalMap){words, words, panels[i].hidden, panels[i].scale, a->show.values});
    } else {
        Sheet sheet = {.folder = a->common.out,
                       .name = "causal",
                       .title = "No word looks ahead",
                       .subtitle = "hatched: forbidden; each row of the first two sums to 1",
                       .formats = a->show.format,
                       .command = a->command};
        panels_draw(sheet, panels, 3, (PanelsOptions){words, words, toy->n <= 10 || a->show.values});
        note("drawn: %s/causal.%.3s", a->common.out, a->show.format);
    }
    memory_free(future);
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Toy toy = toy_read(&a.common, a.width);
    Head head = head_new(toy.n, toy.x.cols, a.head_width, (uint64_t)a.head_seed);
    if (a.common.time) {
        Run run = {&head, toy.x};
        time_report(a.common.time, run_causal, &run, toy.n, "words");
    } else {
        Mat before = mat_new(toy.n, toy.n), causal = mat_new(toy.n, toy.n), dropped = mat_new(toy.n, toy.n);
        tell_mask(&head, &toy, causal, before);
        tell_leak(&head, &toy);
        mat_copy(dropped, causal);
        tell_dropout(dropped, &toy, a.dropout, a.common.seed);
        draw(&a, &toy, before, causal, dropped);
        mat_free(&before), mat_free(&causal), mat_free(&dropped);
    }
    head_free(&head);
    toy_free(&toy);
    memory_free(a.command);
    return finish();
}
