/* Stage 06 - Embeddings: an id becomes a row of numbers. The rows are drawn at random, by PyTorch's recipe, so that you
 * see the digits of the book; and looking one up is a matrix product with a row that holds a single 1.
 * Run: make run-06 */
#include "base/error.h"
#include "base/memory.h"
#include "base/progress.h"
#include "lesson.h"
#include "math/init.h"
#include "math/layers_backward.h"
#include "show/label.h"
#include "show/table.h"

#include <stdio.h>
#include <string.h>

/* ---- 1. A lookup, told twice ---- */

void lookup_told(Mat out, Mat table, const int *ids) {
    for (int i = 0; i < out.rows; i++)
        for (int c = 0; c < out.cols; c++) mat_row(out, i)[c] = mat_at(table, ids[i], c);
}

/* The same as a product: row i of onehot (n, V) is 1 in column ids[i] and 0 elsewhere, so that row times table is 0
 * times every row but one. It costs V times as much, and it shows why an embedding is a linear layer without a bias. */
static void onehot_told(Mat onehot, const int *ids) {
    mat_fill(onehot, 0);
    for (int i = 0; i < onehot.rows; i++) mat_row(onehot, i)[ids[i]] = 1;
}

enum { WORDS = 6, WIDTH = 3, LOOKED_UP = 4 };

static void tell_lookup(uint64_t seed) {
    static const int ids[LOOKED_UP] = {2, 3, 5, 1};
    static const char *const names[LOOKED_UP] = {"id 2", "id 3", "id 5", "id 1"};
    Mat table = mat_new(WORDS, WIDTH), told = mat_new(LOOKED_UP, WIDTH), common = mat_new(LOOKED_UP, WIDTH);
    Mat onehot = mat_new(LOOKED_UP, WORDS), product = mat_new(LOOKED_UP, WIDTH);
    Rng rng = rng_seed(seed);
    init_normal(&rng, table);
    lookup_told(told, table, ids);
    embedding_forward(common, table, ids);
    onehot_told(onehot, ids);
    mat_mul(product, 1, onehot, table, 0);
    char title[80];
    snprintf(title, sizeof title, "a table of %d words, %d numbers each, seed %llu", WORDS, WIDTH,
             (unsigned long long)seed);
    table_print(stdout, table, (TableOptions){.title = title});
    table_print(stdout, told, (TableOptions){.title = "the rows of ids 2 3 5 1", .rows = names});
    table_print(stdout, onehot, (TableOptions){.title = "the same ids as one-hot rows", .rows = names, .decimals = 1});
    float apart;
    if (!mat_agree(common, told, &apart) || !mat_agree(product, told, &apart))
        fail(EXIT_DATA, "lookup, common and product differ by %g", (double)apart);
    printf("one-hot times table = lookup: max difference %g\n", (double)mat_max_diff(product, told));
    printf("told and common agree: max difference < 1e-5\n");
    mat_free(&table), mat_free(&told), mat_free(&common), mat_free(&onehot), mat_free(&product);
}

/* ---- 2. The program ---- */

static Choices choices_parse(int argc, char **argv) {
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
    show_options_check(&a.show, a.common.out);
    a.command = label_command(argc, argv);
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

static void time_lookup(const Choices *a) {
    Timed t = {.out = mat_new(1024, a->width), .table = mat_new(50257, a->width)};
    Rng rng = rng_seed(a->common.seed);
    for (int i = 0; i < 1024; i++) t.ids[i] = (int)(rng_bits(&rng) % 50257);
    time_report(a->common.time, look_up, &t, 1024, "ids");
    mat_free(&t.out), mat_free(&t.table);
}

int main(int argc, char **argv) {
    Choices a = choices_parse(argc, argv);
    if (a.common.time) {
        time_lookup(&a);
    } else {
        int vocabulary;
        Ids ids = read_ids(&a, &vocabulary);
        Toy words = read_words(&a);
        tell_lookup(a.common.seed);
        tell_batch(&a, ids, vocabulary);
        tell_alike(&a, &words);
        ids_free(&ids);
        toy_free(&words);
        if (!a.show.terminal) note("drawn into %s: batch, alike", a.common.out);
    }
    memory_free(a.command);
    return finish();
}
