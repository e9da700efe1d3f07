/* Stage 08 - Dot product: attention with no weights at all. Each word asks every word "how alike are we?" by a dot
 * product, turns the answers into shares that sum to 1, and takes that mixture of all words. Run: make run-08 */
#include "attention/attention.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "model/toy.h"
#include "show/heat.h"
#include "show/label.h"
#include "show/show_options.h"
#include "show/table.h"
#include "show/terminal.h"

#include <math.h>
#include <stdio.h>

/* ---- 1. Attention without weights, as on paper ---- */

/* a . b = a0 b0 + a1 b1 + ...: large when both point the same way, and larger the longer they are. a, b [n]. */
static double dot_told(const float *a, const float *b, int n) {
    double sum = 0;
    for (int c = 0; c < n; c++) sum += (double)a[c] * (double)b[c];
    return sum;
}

/* scores [n] -> weights [n]: exp makes each one positive, the division makes them sum to 1. In place. */
static void softmax_told(float *scores, int n) {
    double top = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++) top = fmax(top, (double)scores[j]);
    for (int j = 0; j < n; j++) sum += exp((double)scores[j] - top);
    for (int j = 0; j < n; j++) scores[j] = (float)(exp((double)scores[j] - top) / sum);
}

/* Row i of scores (n, n) is x_i . x_j for every j; of weights its softmax; context_i is the sum of weight(i, j) x_j. */
static void attention_told(Mat context, Mat weights, Mat scores, Mat x) {
    for (int i = 0; i < x.rows; i++) {
        for (int j = 0; j < x.rows; j++) mat_row(scores, i)[j] = (float)dot_told(mat_row(x, i), mat_row(x, j), x.cols);
        mat_copy(mat_rows(weights, i, 1), mat_rows(scores, i, 1));
        softmax_told(mat_row(weights, i), x.rows);
        for (int c = 0; c < x.cols; c++) {
            double sum = 0;
            for (int j = 0; j < x.rows; j++) sum += (double)mat_at(weights, i, j) * (double)mat_at(x, j, c);
            mat_row(context, i)[c] = (float)sum;
        }
    }
}

/* ---- 2. The same as three calls: X X^T, softmax by rows, weights X ---- */

typedef struct {
    Mat x;                        /* (n, d) */
    Mat scores, weights, context; /* (n, n), (n, n), (n, d) */
} Lesson;

static Lesson lesson_new(Mat x) {
    return (Lesson){x, mat_new(x.rows, x.rows), mat_new(x.rows, x.rows), mat_new(x.rows, x.cols)};
}

static void lesson_free(Lesson *l) {
    mat_free(&l->scores), mat_free(&l->weights), mat_free(&l->context);
}

static void lesson_run(void *lesson) {
    Lesson *l = lesson;
    mat_mul_nt(l->scores, 1, l->x, l->x, 0);
    mat_copy(l->weights, l->scores);
    attention_softmax(l->weights, 1, (Mask){0});
    mat_mul(l->context, 1, l->weights, l->x, 0);
}

static void prove(const Lesson *l) {
    Lesson told = lesson_new(l->x);
    attention_told(told.context, told.weights, told.scores, l->x);
    float in_weights, in_context;
    bool agree = mat_agree(l->weights, told.weights, &in_weights);
    agree = mat_agree(l->context, told.context, &in_context) && agree; /* both are measured */
    lesson_free(&told);
    if (!agree)
        fail(EXIT_DATA, "told and common differ: by %g in the weights, by %g in the contexts", (double)in_weights,
             (double)in_context);
    printf("told and common agree: max difference < 1e-5\n");
}

/* ---- 3. What one word does, step by step, and then all of them ---- */

static void print_steps(const Lesson *l, const Toy *toy, int query) {
    int n = l->x.rows;
    Mat steps = mat_new(3, n);
    double sum = 0;
    for (int j = 0; j < n; j++) sum += (double)mat_at(l->scores, query, j);
    for (int j = 0; j < n; j++) {
        mat_row(steps, 0)[j] = mat_at(l->scores, query, j);
        mat_row(steps, 1)[j] = (float)((double)mat_at(l->scores, query, j) / sum);
        mat_row(steps, 2)[j] = mat_at(l->weights, query, j);
    }
    static const char *const names[] = {"dot product", "divided by sum", "softmax"}, *const context[] = {"context"};
    printf("word %d, `%s`, asks everyone\n", query, toy->words[query]);
    table_print(stdout, steps, (TableOptions){.rows = names, .cols = toy->words});
    table_print(stdout, mat_rows(l->context, query, 1), (TableOptions){.rows = context});
    mat_free(&steps);
}

/* Is a score the same in both directions? Always. A weight? Only by accident: each row is divided by its own sum. */
static void print_symmetry(const Lesson *l, const Toy *toy) {
    float most = -1;
    int from = 0, to = 0;
    for (int i = 0; i < l->x.rows; i++)
        for (int j = 0; j < i; j++) {
            float apart = fabsf(mat_at(l->weights, i, j) - mat_at(l->weights, j, i));
            if (apart > most) most = apart, from = i, to = j;
        }
    if (most < 0) return; /* a single word */
    printf("%s -> %s  score %.4f  weight %.4f\n", toy->words[from], toy->words[to], (double)mat_at(l->scores, from, to),
           (double)mat_at(l->weights, from, to));
    printf("%s -> %s  score %.4f  weight %.4f\n", toy->words[to], toy->words[from], (double)mat_at(l->scores, to, from),
           (double)mat_at(l->weights, to, from));
}

/* ---- 4. The program ---- */

typedef struct {
    Common common;
    ShowOptions show;
    int width, query;
    char *command;
} Choices;

static Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"}, .width = 3, .query = 1};
    Options list = {0};
    option_heading(&list, "the words");
    option_int(&list, "width", "D", &a.width, 1, 4096, "numbers in each word's vector (default 3; not for the book's)");
    option_int(&list, "query", "I", &a.query, 0, TOY_MOST_WORDS - 1,
               "the word to follow step by step, from 0 (default 1)");
    show_options_add(&list, &a.show);
    Program program = {"08_dot_product", "attention with no weights at all: words mixed by their dot products",
                       "  08_dot_product                                the book's six words\n"
                       "  08_dot_product --width 64 \"a rose is a rose\"   your words, with seeded vectors\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_check(&a.show, a.common.out);
    a.command = label_command(argc, argv);
    return a;
}

static void draw(const Choices *a, const Lesson *l, const Toy *toy) {
    const char **words = toy->words;
    if (a->show.terminal) {
        terminal_map(terminal_of(stdout), "who is mixed from whom", l->weights,
                     (TerminalMap){.from = words, .to = words, .scale = SCALE_FIT, .values = a->show.values});
        return;
    }
    Sheet sheet = {.folder = a->common.out,
                   .name = "weights",
                   .title = "Attention without weights",
                   .subtitle = "softmax of the dot products, row by row; white is the smallest weight",
                   .formats = a->show.format,
                   .command = a->command};
    heat_draw(
        sheet, l->weights,
        (HeatOptions){.from = words, .to = words, .scale = SCALE_FIT, .values = l->x.rows <= 12 || a->show.values});
    note("drawn: %s/weights.%.3s", a->common.out, a->show.format);
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    Toy toy = toy_read(&a.common, a.width);
    if (a.query >= toy.n && a.common.text == NULL && a.common.file == NULL)
        fail(EXIT_USAGE, "--query %d: there are %d words (expected 0 to %d)", a.query, toy.n, toy.n - 1);
    if (a.query >= toy.n) a.query = toy.n - 1;
    Lesson lesson = lesson_new(toy.x);
    if (a.common.time) {
        time_report(a.common.time, lesson_run, &lesson, toy.n, "words");
    } else {
        lesson_run(&lesson);
        print_steps(&lesson, &toy, a.query);
        table_print(stdout, lesson.weights,
                    (TableOptions){"all weights: a row is one word's mixture", .rows = toy.words});
        table_print(stdout, lesson.context, (TableOptions){"all contexts", .rows = toy.words});
        print_symmetry(&lesson, &toy);
        prove(&lesson);
        draw(&a, &lesson, &toy);
    }
    lesson_free(&lesson);
    toy_free(&toy);
    memory_free(a.command);
    return finish();
}
