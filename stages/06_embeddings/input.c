/* input - what the lesson looks at: a batch of windows of the text, and words with vectors, seeded or trained. */
#include "tool.h"
#include "attention/positions.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/plural.h"
#include "math/init.h"
#include "math/layers.h"
#include "text/bpe_files.h"
#include "text/course_text.h"
#include "text/windows.h"
#include "view/reading.h"

#include <string.h>

static Ids read_ids(const Choices *a, int *vocabulary) {
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
        fail(EXIT_DATA, "%s has %zu token%s (expected more than --context %d). Try: a longer text, or --context 1",
             name, ids.n, PLURAL(ids.n), a->context);
    return ids;
}

/* The first --batch windows in order, or as many as there are. */
static void take_windows(Batch *b, const Choices *a, Ids ids) {
    Windows windows = {ids.at, ids.n, (size_t)a->context, (size_t)a->context};
    size_t cells = (size_t)a->batch * (size_t)a->context;
    int *targets = memory_new(cells, sizeof *targets, "a batch");
    Epoch epoch = epoch_new(windows_count(windows), NULL);
    b->ids = memory_new(cells, sizeof *b->ids, "a batch");
    b->rows = (int)windows_batch(windows, &epoch, 0, (size_t)a->batch, b->ids, targets);
    epoch_free(&epoch);
    memory_free(targets);
}

Batch batch_read(const Choices *a) {
    Batch b = {0};
    Ids ids = read_ids(a, &b.vocabulary);
    take_windows(&b, a, ids);
    Mat table = mat_new(b.vocabulary, a->width);
    b.positions = mat_new(a->context, a->width);
    b.tokens = mat_new(b.rows * a->context, a->width), b.sum = mat_new(b.rows * a->context, a->width);
    Rng rng = rng_seed(a->common.seed);
    init_normal(&rng, table);
    init_normal(&rng, b.positions);
    embedding_forward(b.tokens, table, b.ids);
    mat_copy(b.sum, b.tokens);
    for (int w = 0; w < b.rows; w++) positions_add(mat_rows(b.sum, w * a->context, a->context), b.positions, 0);
    mat_free(&table);
    ids_free(&ids);
    return b;
}

void batch_free(Batch *b) {
    mat_free(&b->tokens), mat_free(&b->positions), mat_free(&b->sum);
    memory_free(b->ids);
}

/* The word embeddings that a trained model has for the tokens of the text, [CLS] and [SEP] left out. */
static Toy pretrained_words(const Choices *a) {
    Reader reader = reader_open(a->model, a->common.threads, false);
    Reading r = reading_open(&reader, reading_text(a->words), (Bytes){0}, (ReadingPlan){.truncate = true});
    reading_pass(&r);
    Toy toy = {0, memory_new((size_t)r.trace.n, sizeof *toy.words, "words"), mat_new(r.trace.n, r.trace.width)};
    for (int i = 0; i < r.trace.n; i++) {
        if (reading_is_special(&r, i)) continue;
        mat_copy(mat_rows(toy.x, toy.n, 1), mat_rows(r.trace.word, i, 1));
        toy.words[toy.n++] = text_copy(r.labels[i], strlen(r.labels[i]));
    }
    if (toy.n < 1) fail(EXIT_DATA, "the text has no words (expected words between spaces)");
    toy.x.rows = toy.n;
    reading_free(&r);
    reader_free(&reader);
    return toy;
}

Toy words_read(const Choices *a) {
    return a->model ? pretrained_words(a) : toy_text(a->words, strlen(a->words), a->width, a->common.seed);
}
