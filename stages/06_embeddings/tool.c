/* Stage 06 as a tool: the command line, --time, and tables. */
#include "tool.h"
#include "base/plural.h"
#include "base/progress.h"
#include "math/layers.h"
#include "show/table.h"

#include <math.h>
#include <stdio.h>

Choices choices_parse(int argc, char **argv) {
    Choices a = {.show = {.format = "png"},
                 .vocabulary = "data/gpt2-vocabulary",
                 .words = "cat dog kitten car truck river",
                 .width = 256,
                 .context = 4,
                 .batch = 8};
    Options list = {0};
    option_heading(&list, "the vectors");
    option_int(&list, "width", "C", &a.width, 2, 4096, "numbers in each vector (default 256)");
    option_int(&list, "context", "T", &a.context, 1, 1024, "tokens in a window (default 4)");
    option_int(&list, "batch", "B", &a.batch, 1, 1024, "windows in a batch (default 8)");
    option_text(&list, "vocab", "DIR", &a.vocabulary, "GPT-2's vocabulary (default data/gpt2-vocabulary; else bytes)");
    option_text(&list, "words", "WORDS", &a.words, "the words whose vectors are compared");
    option_text(&list, "model", "DIR", &a.model, "compare the words by a pretrained model's vectors (after stage 17)");
    show_options_add(&list, &a.show);
    Program program = {
        "06_embeddings", "an id becomes a vector: lookup, one-hot product, positions, cosines",
        "  06_embeddings                                          the book's table, The Verdict\n"
        "  06_embeddings --model data/minilm --words \"cat dog car\"   vectors that have been trained\n"};
    options_parse(&a.common, program, &list, argc, argv);
    show_options_ready(&a.show, &a.common, argc, argv, true);
    return a;
}

/* The work that --time measures: a lookup of 1,024 ids in a table of 50,257 x width. */
typedef struct {
    Mat out, table;
    int ids[1024];
} Timed;

static void look_up(void *timed) {
    Timed *t = timed;
    embedding_forward(t->out, t->table, t->ids);
}

bool answered(const Choices *a) {
    if (!a->common.time) return false;
    Timed t = {.out = mat_new(1024, a->width), .table = mat_new(50257, a->width)};
    Rng rng = rng_seed(a->common.seed);
    for (int i = 0; i < 1024; i++) t.ids[i] = (int)(rng_bits(&rng) % 50257);
    time_report(a->common.time, look_up, &t, 1024, "ids");
    mat_free(&t.out), mat_free(&t.table);
    return true;
}

void print_lookup(uint64_t seed, Paper table, Paper rows, Paper onehot) {
    static const char *const names[] = {"id 2", "id 3", "id 5", "id 1"};
    char title[80];
    snprintf(title, sizeof title, "a table of %d words, %d numbers each, seed %llu", table.rows, table.cols,
             (unsigned long long)seed);
    table_print_paper(stdout, table, (TableOptions){.title = title});
    table_print_paper(stdout, rows, (TableOptions){.title = "the rows of ids 2 3 5 1", .rows = names});
    table_print_paper(stdout, onehot,
                      (TableOptions){.title = "the same ids as one-hot rows", .rows = names, .decimals = 1});
}

void print_difference(Paper product, Mat lookup) {
    Mat rounded = paper_rounded(product);
    printf("one-hot times table = lookup: max difference %g\n", (double)mat_max_diff(rounded, lookup));
    mat_free(&rounded);
}

static void print_first(const char *name, Mat m) {
    printf("  %-24s", name);
    for (int c = 0; c < 4 && c < m.cols; c++) printf(" %8.4f", (double)mat_at(m, 0, c));
    printf("%s\n", m.cols > 4 ? " ..." : "");
}

void print_batch(const Choices *a, const Batch *b) {
    printf("a batch of %d window%s of %d token%s, from a vocabulary of %d\n", b->rows, PLURAL(b->rows), a->context,
           PLURAL(a->context), b->vocabulary);
    printf("  %-24s", "ids of the first");
    for (int t = 0; t < a->context && t < 12; t++) printf(" %d", b->ids[t]);
    printf("%s\n  token vectors (%d, %d, %d) + position vectors (%d, %d) = (%d, %d, %d)\n",
           a->context > 12 ? " ..." : "", b->rows, a->context, a->width, a->context, a->width, b->rows, a->context,
           a->width);
    print_first("its first token", b->tokens);
    print_first("position 0", b->positions);
    print_first("sum", b->sum);
}

void tell_strangers(uint64_t seed, double (*typical)(Rng *rng, int width)) {
    static const int widths[] = {3, 16, 64, 256, 1024};
    Rng rng = rng_seed(seed);
    printf("two random vectors of width C: how far from 0 is their cosine? (1000 pairs)\n");
    printf("  %5s %12s %12s\n", "C", "typical", "1/sqrt(C)");
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        printf("  %5d %12.4f %12.4f\n", widths[w], typical(&rng, widths[w]), 1 / sqrt(widths[w]));
}

void print_alike(const Choices *a, const Toy *words, Paper cosines) {
    char title[96];
    snprintf(title, sizeof title, "cosines of %s vectors, width %d", a->model ? "trained" : "seeded", words->x.cols);
    table_print_paper(stdout, cosines,
                      (TableOptions){.title = title, .rows = words->words, .cols = words->words, .decimals = 2});
}
