/* batch - what a model is fed: B windows of T ids, each id its token's vector plus its place's vector. */
#include "attention/positions.h"
#include "base/error.h"
#include "base/memory.h"
#include "lesson.h"
#include "math/init.h"
#include "math/layers_backward.h"
#include "show/strips.h"
#include "show/terminal.h"
#include "text/bpe_files.h"
#include "text/course_text.h"
#include "text/windows.h"

#include <stdio.h>

Ids read_ids(const Choices *a, int *vocabulary) {
    const char *name;
    Bytes text = course_text_input(&a->common, &name);
    bool gpt2 = folder_exists(a->vocabulary);
    if (!gpt2) note("%s is not there: bytes are the tokens. Try: data/fetch.sh gpt2-vocabulary", a->vocabulary);
    Bpe bpe = gpt2 ? bpe_load(a->vocabulary) : bpe_bytes();
    Ids ids = {0};
    bpe_encode(&bpe, text.data, text.size, &ids);
    *vocabulary = bpe.vocab.count;
    bpe_free(&bpe);
    bytes_free(&text);
    if (ids.n <= (size_t)a->context)
        fail(EXIT_DATA, "%s has %zu tokens (expected more than --context %d). Try: a longer text, or --context 1", name,
             ids.n, a->context);
    return ids;
}

/* x (B * T, C): token vectors; row b * T + t also gets position t's vector. positions (T, C). */
static void add_positions_told(Mat x, Mat positions) {
    for (int i = 0; i < x.rows; i++)
        for (int c = 0; c < x.cols; c++) mat_row(x, i)[c] += mat_at(positions, i % positions.rows, c);
}

static void print_first(const char *name, Mat m) {
    printf("  %-24s", name);
    for (int c = 0; c < 4 && c < m.cols; c++) printf(" %8.4f", (double)mat_at(m, 0, c));
    printf("%s\n", m.cols > 4 ? " ..." : "");
}

static void draw_batch(const Choices *a, Mat tokens, Mat positions, Mat sum) {
    Mat first_tokens = mat_rows(tokens, 0, positions.rows), first_sum = mat_rows(sum, 0, positions.rows);
    if (a->show.terminal) {
        terminal_strip(terminal_of(stdout), "token + position, first window", NULL, first_sum);
        return;
    }
    Strip strips[] = {
        {"token vectors", first_tokens, 0}, {"position vectors", positions, 0}, {"their sum", first_sum, 0}};
    Sheet sheet = {.folder = a->common.out,
                   .name = "batch",
                   .title = "The first window, as a model sees it",
                   .subtitle = "a row a token; blue is positive, orange negative; seeded, not trained",
                   .formats = a->show.format,
                   .command = a->command};
    strips_draw(sheet, strips, 3, (StripsOptions){0});
}

/* The batch's ids [rows * T], the first `batch` windows in order. */
static int *first_windows(const Choices *a, Ids ids, int *rows) {
    Windows windows = {ids.at, ids.n, (size_t)a->context, (size_t)a->context};
    size_t count = windows_count(windows);
    *rows = count < (size_t)a->batch ? (int)count : a->batch;
    size_t cells = (size_t)a->batch * (size_t)a->context;
    int *inputs = memory_new(cells, sizeof *inputs, "a batch"),
        *targets = memory_new(cells, sizeof *targets, "a batch");
    Epoch epoch = epoch_new(count, NULL);
    windows_batch(windows, &epoch, 0, (size_t)a->batch, inputs, targets);
    epoch_free(&epoch);
    memory_free(targets);
    return inputs;
}

void tell_batch(const Choices *a, Ids ids, int vocabulary) {
    int rows, *batch = first_windows(a, ids, &rows), n = rows * a->context;
    Mat table = mat_new(vocabulary, a->width), positions = mat_new(a->context, a->width);
    Rng rng = rng_seed(a->common.seed);
    init_normal(&rng, table);
    init_normal(&rng, positions);
    Mat tokens = mat_new(n, a->width), told = mat_new(n, a->width), sum = mat_new(n, a->width);
    embedding_forward(tokens, table, batch);
    lookup_told(told, table, batch);
    add_positions_told(told, positions);
    mat_copy(sum, tokens);
    for (int b = 0; b < rows; b++) positions_add(mat_rows(sum, b * a->context, a->context), positions, 0);
    float apart;
    if (!mat_agree(sum, told, &apart)) fail(EXIT_DATA, "told and common differ by %g in the batch", (double)apart);
    printf("a batch of %d windows of %d tokens, from a vocabulary of %d\n", rows, a->context, vocabulary);
    printf("  %-24s", "ids of the first");
    for (int t = 0; t < a->context && t < 12; t++) printf(" %d", batch[t]);
    printf("%s\n  token vectors (%d, %d, %d) + position vectors (%d, %d) = (%d, %d, %d)\n",
           a->context > 12 ? " ..." : "", rows, a->context, a->width, a->context, a->width, rows, a->context, a->width);
    print_first("its first token", tokens);
    print_first("position 0", positions);
    print_first("sum", sum);
    draw_batch(a, tokens, positions, sum);
    mat_free(&table), mat_free(&positions), mat_free(&tokens), mat_free(&told), mat_free(&sum);
    memory_free(batch);
}
