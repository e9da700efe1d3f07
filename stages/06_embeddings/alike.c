/* alike - which words have like vectors? Seeded vectors of different words are strangers, and the more so the longer
 * they are; trained ones are not. */
#include "base/error.h"
#include "base/memory.h"
#include "lesson.h"
#include "math/init.h"
#include "model/bert.h"
#include "model/toy.h"
#include "show/heat.h"
#include "show/table.h"
#include "show/terminal.h"
#include "text/wordpiece.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* cos(a, b) = a . b / (|a| |b|): 1 when they point the same way, 0 at a right angle. */
static float cosine_told(const float *a, const float *b, int n) {
    double ab = 0, aa = 0, bb = 0;
    for (int c = 0; c < n; c++) {
        ab += (double)a[c] * (double)b[c];
        aa += (double)a[c] * (double)a[c];
        bb += (double)b[c] * (double)b[c];
    }
    return aa > 0 && bb > 0 ? (float)(ab / sqrt(aa * bb)) : 0;
}

static void cosines_told(Mat out, Mat x) {
    for (int i = 0; i < x.rows; i++)
        for (int j = 0; j < x.rows; j++) mat_row(out, i)[j] = cosine_told(mat_row(x, i), mat_row(x, j), x.cols);
}

/* ---- how far from 0 is the cosine of two random vectors? ---- */

static void print_strangers(uint64_t seed) {
    enum { PAIRS = 1000 };
    static const int widths[] = {3, 16, 64, 256, 1024};
    Rng rng = rng_seed(seed);
    printf("two random vectors of width C: how far from 0 is their cosine? (%d pairs)\n", PAIRS);
    printf("  %5s %12s %12s\n", "C", "typical", "1/sqrt(C)");
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        Mat pair = mat_new(2, widths[w]);
        double squares = 0;
        for (int p = 0; p < PAIRS; p++) {
            init_normal(&rng, pair);
            double cosine = (double)cosine_told(mat_row(pair, 0), mat_row(pair, 1), widths[w]);
            squares += cosine * cosine / PAIRS;
        }
        printf("  %5d %12.4f %12.4f\n", widths[w], sqrt(squares), 1 / sqrt(widths[w]));
        mat_free(&pair);
    }
}

/* ---- words with vectors, seeded or trained ---- */

/* The word embeddings that a pretrained model has for the tokens of the text, [CLS] and [SEP] left out. */
static Toy pretrained_words(const Choices *a, const char *text, size_t size) {
    Workers *workers = workers_new(a->common.threads);
    WordPiece tokenizer = wordpiece_load(a->model);
    Bert bert = bert_load(a->model, workers, false);
    Encoding encoding = wordpiece_encode(&tokenizer, text, size, NULL, 0);
    if (encoding.n > bert.config.positions) encoding_truncate(&encoding, bert.config.positions);
    Trace trace = bert_trace_new(&bert, encoding.n);
    bert_forward(&bert, workers, encoding.ids, encoding.types, (Run){0}, &trace);
    int n = encoding.n - 2;
    if (n < 1) fail(EXIT_DATA, "the text has no words (expected words between spaces)");
    Toy toy = {n, memory_new((size_t)n, sizeof *toy.words, "words"), mat_new(n, trace.width)};
    mat_copy(toy.x, mat_rows(trace.word, 1, n));
    for (int i = 0; i < n; i++) {
        const char *token = vocab_token(&tokenizer.vocab, encoding.ids[i + 1]);
        toy.words[i] = text_copy(token, strlen(token));
    }
    trace_free(&trace);
    encoding_free(&encoding);
    bert_free(&bert);
    wordpiece_free(&tokenizer);
    workers_free(workers);
    return toy;
}

Toy read_words(const Choices *a) {
    if (a->model) return pretrained_words(a, a->words, strlen(a->words));
    return toy_text(a->words, strlen(a->words), a->width, a->common.seed);
}

static void draw_alike(const Choices *a, Mat cosines, const Toy *toy) {
    const char **words = toy->words;
    if (a->show.terminal) {
        terminal_table(terminal_of(stdout), "cosines", "word", "word", cosines,
                       (TerminalMap){.from = words, .to = words, .scale = SCALE_SIGNED, .values = a->show.values});
        return;
    }
    Sheet sheet = {.folder = a->common.out,
                   .name = "alike",
                   .title =
                       a->model ? "Trained vectors: words that mean alike point alike" : "Seeded vectors are strangers",
                   .subtitle = a->model ? a->model : "cosine of each two words; nothing has been learned yet",
                   .formats = a->show.format,
                   .command = a->command};
    heat_draw(sheet, cosines,
              (HeatOptions){.from = words,
                            .to = words,
                            .from_axis = "word",
                            .to_axis = "word",
                            .bar = "cosine",
                            .scale = SCALE_SIGNED,
                            .values = toy->n <= 12 || a->show.values});
}

void tell_alike(const Choices *a, const Toy *toy) {
    const char **words = toy->words;
    Mat cosines = mat_new(toy->n, toy->n);
    print_strangers(a->common.seed);
    cosines_told(cosines, toy->x);
    char title[96];
    snprintf(title, sizeof title, "cosines of %s vectors, width %d", a->model ? "trained" : "seeded", toy->x.cols);
    table_print(stdout, cosines, (TableOptions){.title = title, .rows = words, .cols = words, .decimals = 2});
    draw_alike(a, cosines, toy);
    mat_free(&cosines);
}
