/* Stage 09 - Queries, keys and values: one attention head. Three matrices turn each word into what it asks (q), what it
 * answers to (k) and what it gives (v); stage 08's dot products then compare q with k instead of x with x. Here one
 * head is told in loops and proven equal to common/attention. Run: make run-09 */
#include "attention/attention.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "lesson.h"
#include "math/init.h"
#include "show/label.h"
#include "show/panels.h"
#include "show/table.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. One head, as on paper ---- */

/* y = x W^T: y (n, d), x (n, C), W (d, C). Row i of y is what word i asks, or answers to, or gives. */
static void project_told(Mat y, Mat x, Mat w) {
    for (int i = 0; i < x.rows; i++)
        for (int o = 0; o < w.rows; o++) {
            double sum = 0;
            for (int c = 0; c < x.cols; c++) sum += (double)mat_at(x, i, c) * (double)mat_at(w, o, c);
            mat_row(y, i)[o] = (float)sum;
        }
}

void softmax_told(float *scores, int n, double temperature) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++) top = fmax(top, (double)scores[j]);
    for (int j = 0; j < n; j++) sum += exp(((double)scores[j] - top) / temperature);
    for (int j = 0; j < n; j++) scores[j] = (float)(exp(((double)scores[j] - top) / temperature) / sum);
}

/* weight(i, j) = softmax over j of q_i . k_j / sqrt(d); context_i = sum over j of weight(i, j) v_j. */
static void head_told(Mat context, Mat weights, Mat q, Mat k, Mat v, double temperature) {
    for (int i = 0; i < q.rows; i++) {
        for (int j = 0; j < k.rows; j++) {
            double dot = 0;
            for (int c = 0; c < q.cols; c++) dot += (double)mat_at(q, i, c) * (double)mat_at(k, j, c);
            mat_row(weights, i)[j] = (float)(dot / sqrt(q.cols));
        }
        softmax_told(mat_row(weights, i), k.rows, temperature);
        for (int c = 0; c < v.cols; c++) {
            double sum = 0;
            for (int j = 0; j < k.rows; j++) sum += (double)mat_at(weights, i, j) * (double)mat_at(v, j, c);
            mat_row(context, i)[c] = (float)sum;
        }
    }
}

/* ---- 2. A head with seeded weights ---- */

typedef struct {
    Mat wq, wk, wv;               /* (d, C) */
    Mat q, k, v;                  /* (n, d) */
    Mat scores, weights, context; /* (n, n), (n, n), (n, d); scores are q.k / sqrt(d) */
    double temperature;
    Toy toy;
} Head;

/* The book's first head multiplies from the right, x W with W = torch.rand(C, d); ours keeps W^T, as files store it. */
static Mat weights_rand(Rng *rng, int d, int width) {
    Mat drawn = mat_new(width, d), w = mat_new(d, width);
    init_uniform(rng, drawn);
    for (int i = 0; i < d; i++)
        for (int c = 0; c < width; c++) mat_row(w, i)[c] = mat_at(drawn, c, i);
    mat_free(&drawn);
    return w;
}

static Mat weights_linear(Rng *rng, int d, int width) {
    Mat w = mat_new(d, width);
    init_linear(rng, w, NULL);
    return w;
}

static Head head_new(const Choices *a, Toy toy) {
    int n = toy.n, d = a->head_width, width = toy.x.cols;
    Mat (*draw)(Rng *, int, int) = a->weights == WEIGHTS_RAND ? weights_rand : weights_linear;
    Rng rng = rng_seed(a->common.seed);
    Head h = {.toy = toy, .temperature = a->temperature};
    h.wq = draw(&rng, d, width), h.wk = draw(&rng, d, width), h.wv = draw(&rng, d, width);
    h.q = mat_new(n, d), h.k = mat_new(n, d), h.v = mat_new(n, d);
    h.scores = mat_new(n, n), h.weights = mat_new(n, n), h.context = mat_new(n, d);
    return h;
}

static void head_free(Head *h) {
    Mat *all[] = {&h->wq, &h->wk, &h->wv, &h->q, &h->k, &h->v, &h->scores, &h->weights, &h->context};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) mat_free(all[i]);
    toy_free(&h->toy);
}

/* The same as three products, a softmax and a product. */
static void head_run(void *head) {
    Head *h = head;
    mat_mul_nt(h->q, 1, h->toy.x, h->wq, 0);
    mat_mul_nt(h->k, 1, h->toy.x, h->wk, 0);
    mat_mul_nt(h->v, 1, h->toy.x, h->wv, 0);
    mat_mul_nt(h->scores, 1 / sqrtf((float)h->q.cols), h->q, h->k, 0);
    mat_copy(h->weights, h->scores);
    attention_softmax(h->weights, (float)(1 / h->temperature), (Mask){0});
    mat_mul(h->context, 1, h->weights, h->v, 0);
}

static void prove(const Head *h) {
    Mat q = mat_new(h->q.rows, h->q.cols), k = mat_new(h->k.rows, h->k.cols), v = mat_new(h->v.rows, h->v.cols);
    Mat weights = mat_new(q.rows, k.rows), context = mat_new(q.rows, v.cols);
    project_told(q, h->toy.x, h->wq);
    project_told(k, h->toy.x, h->wk);
    project_told(v, h->toy.x, h->wv);
    head_told(context, weights, q, k, v, h->temperature);
    float in_weights, in_context;
    bool agree = mat_agree(h->weights, weights, &in_weights);
    agree = mat_agree(h->context, context, &in_context) && agree; /* both are measured */
    mat_free(&q), mat_free(&k), mat_free(&v), mat_free(&weights), mat_free(&context);
    if (!agree)
        fail(EXIT_DATA, "told and common differ: by %g in the weights, by %g in the contexts", (double)in_weights,
             (double)in_context);
    printf("told and common agree: max difference < 1e-5\n");
}

/* ---- 3. One cell by hand, then the whole head ---- */

static int find_word(const Head *h, const char *option, const char *word, int otherwise) {
    if (!word) return otherwise < h->toy.n ? otherwise : h->toy.n - 1;
    for (int i = 0; i < h->toy.n; i++)
        if (strcmp(h->toy.words[i], word) == 0) return i;
    long number;
    if (text_to_int(word, 0, h->toy.n - 1, &number)) return (int)number;
    fail(EXIT_USAGE, "--%s %s: no such word (expected a word of the text, or 0 to %d)", option, word, h->toy.n - 1);
}

/* Every step from two vectors to one weight, with numbers that fit on paper. */
static void print_cell(const Head *h, int from, int to) {
    int d = h->q.cols, shown = d < 4 ? d : 4;
    double sum = 0, score = (double)mat_at(h->scores, from, to) / h->temperature;
    for (int j = 0; j < h->toy.n; j++) sum += exp((double)mat_at(h->scores, from, j) / h->temperature);
    printf("one cell by hand: how much `%s` takes from `%s`\n", h->toy.words[from], h->toy.words[to]);
    printf("  q . k         =");
    for (int c = 0; c < shown; c++)
        printf(" %s%.4f x %.4f", c ? "+ " : "", (double)mat_at(h->q, from, c), (double)mat_at(h->k, to, c));
    printf("%s = %.4f\n", shown < d ? " + ..." : "", (double)mat_at(h->scores, from, to) * sqrt(d));
    printf("  / sqrt(%d)%*s=", d, d < 10 ? 5 : d < 100 ? 4 : 3, "");
    printf(" %.4f\n", (double)mat_at(h->scores, from, to));
    if (h->temperature != 1) printf("  / temperature = %.4f\n", score);
    printf("  exp           = %.4f, and all %d of `%s` sum to %.4f\n", exp(score), h->toy.n, h->toy.words[from], sum);
    printf("  weight        = %.4f / %.4f = %.4f\n", exp(score), sum, exp(score) / sum);
}

static void print_head(const Head *h) {
    const char **words = h->toy.words;
    table_print(stdout, h->q, (TableOptions){"queries: what each word asks", .rows = words});
    table_print(stdout, h->k, (TableOptions){"keys: what each word answers to", .rows = words});
    table_print(stdout, h->v, (TableOptions){"values: what each word gives", .rows = words});
    table_print(stdout, h->weights, (TableOptions){"weights: softmax of q.k / sqrt(d)", .rows = words, .cols = words});
    table_print(stdout, h->context, (TableOptions){"contexts: weights times values", .rows = words});
}

static void draw_head(const Choices *a, const Head *h) {
    const char **words = h->toy.words;
    if (a->show.terminal) {
        terminal_map(terminal_of(stdout), "weights", h->weights,
                     (TerminalMap){.from = words, .to = words, .scale = SCALE_FIT, .values = a->show.values});
        return;
    }
    Panel panels[] = {{.title = "scores q.k / sqrt(d)", .m = h->scores, .scale = SCALE_SIGNED},
                      {.title = "weights", .m = h->weights, .scale = SCALE_FIT}};
    Sheet sheet = {.folder = a->common.out,
                   .name = "head",
                   .title = "One head: scores become weights",
                   .subtitle = "seeded, not trained: what it looks at means nothing yet; white is the smallest weight",
                   .formats = a->show.format,
                   .command = a->command};
    panels_draw(sheet, panels, 2,
                (PanelsOptions){.from = words, .to = words, .values = h->toy.n <= 12 || a->show.values});
}

/* ---- 4. The program ---- */

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .weights = WEIGHTS_RAND, .width = 3, .head_width = 2, .temperature = 1};
    Options list = {0};
    option_heading(&list, "the head");
    option_choice(&list, "weights", "rand|linear", &a.weights,
                  "how Wq, Wk and Wv are drawn: as torch.rand (default)\nor as torch.nn.Linear without bias");
    option_int(&list, "width", "C", &a.width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_int(&list, "head-width", "D", &a.head_width, 1, 4096, "numbers in a query, key or value (default 2)");
    option_real(&list, "temperature", "T", &a.temperature, 1e-3, 1e3, "divide the scores by T too (default 1)");
    option_heading(&list, "what to look at");
    option_text(&list, "from", "WORD", &a.from, "the cell told by hand: who asks (default the second word)");
    option_text(&list, "to", "WORD", &a.to, "and whom (default the third)");
    show_options_add(&list, &a.show);
    Program program = {"09_queries_keys_values", "one attention head: queries, keys, values, and why 1/sqrt(d)",
                       "  09_queries_keys_values                               the book's six words, torch.rand\n"
                       "  09_queries_keys_values --weights linear --seed 789   the book's second head\n"
                       "  09_queries_keys_values --from cat --to mat \"the cat sat on the mat\"\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_check(&a.show, a.common.out);
    a.command = label_command(argc, argv);
    return a;
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Head head = head_new(&a, toy_read(&a.common, a.width));
    int from = find_word(&head, "from", a.from, 1), to = find_word(&head, "to", a.to, 2);
    if (a.common.time) {
        time_report(a.common.time, head_run, &head, head.toy.n, "words");
    } else {
        head_run(&head);
        print_head(&head);
        print_cell(&head, from, to);
        prove(&head);
        draw_head(&a, &head);
        tell_scaling(&a);
        tell_order(&a, &head.toy);
        if (!a.show.terminal) note("drawn into %s: head, scaling, order", a.common.out);
    }
    head_free(&head);
    memory_free(a.command);
    return finish();
}
