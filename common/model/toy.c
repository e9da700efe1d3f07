#include "model/toy.h"
#include "base/error.h"
#include "base/memory.h"
#include "math/init.h"
#include "text/utf8.h"

#include <assert.h>
#include <string.h>

Toy toy_book(void) {
    static const char *const words[] = {"Your", "journey", "starts", "with", "one", "step"};
    static const float vectors[6][3] = {{0.43f, 0.15f, 0.89f}, {0.55f, 0.87f, 0.66f}, {0.57f, 0.85f, 0.64f},
                                        {0.22f, 0.58f, 0.33f}, {0.77f, 0.25f, 0.10f}, {0.05f, 0.80f, 0.55f}};
    Toy toy = {6, memory_new(6, sizeof *toy.words, "words"), mat_new(6, 3)};
    for (int i = 0; i < 6; i++) {
        toy.words[i] = text_copy(words[i], strlen(words[i]));
        memcpy(mat_row(toy.x, i), vectors[i], sizeof vectors[i]);
    }
    return toy;
}

static int is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Cuts the words out of the text. */
static void take_words(Toy *toy, const char *text, size_t size) {
    toy->words = memory_new(TOY_MOST_WORDS, sizeof *toy->words, "words");
    for (size_t at = 0; at < size;) {
        size_t end = at;
        while (end < size && !is_space(text[end])) end++;
        if (end > at) {
            if (toy->n == TOY_MOST_WORDS)
                fail(EXIT_DATA, "the text has more than %d words. Try: a shorter text", TOY_MOST_WORDS);
            toy->words[toy->n++] = text_copy(text + at, end - at);
        }
        at = end + 1;
    }
    if (toy->n == 0) fail(EXIT_DATA, "the text has no words (expected words between spaces)");
}

int toy_kinds(const Toy *toy, int *kind) {
    int kinds = 0;
    for (int i = 0; i < toy->n; i++) {
        int same = 0;
        while (same < i && strcmp(toy->words[same], toy->words[i]) != 0) same++;
        kind[i] = same < i ? kind[same] : kinds++;
    }
    return kinds;
}

/* Words are named on screens and in pictures: what cannot be seen becomes visible, long ones are cut. */
static void label_words(Toy *toy) {
    for (int i = 0; i < toy->n; i++) {
        String label = {0};
        utf8_label(&label, toy->words[i], strlen(toy->words[i]), TOY_MOST_LETTERS);
        memory_free((void *)toy->words[i]);
        toy->words[i] = label.text;
    }
}

Mat toy_vectors(const Toy *toy, int width, uint64_t seed) {
    assert(width >= 1);
    int *kind = memory_new((size_t)toy->n, sizeof *kind, "words");
    Mat table = mat_new(toy_kinds(toy, kind), width), x = mat_new(toy->n, width);
    Rng rng = rng_seed(seed);
    init_normal(&rng, table);
    for (int i = 0; i < toy->n; i++) mat_copy(mat_rows(x, i, 1), mat_rows(table, kind[i], 1));
    mat_free(&table);
    memory_free(kind);
    return x;
}

Toy toy_text(const char *text, size_t size, int width, uint64_t seed) {
    Toy toy = {0};
    take_words(&toy, text, size);
    toy.x = toy_vectors(&toy, width, seed);
    label_words(&toy);
    return toy;
}

Toy toy_read(const Common *common, int width) {
    Bytes text = options_input(common, NULL);
    Toy toy = text.data ? toy_text(text.data, text.size, width, common->seed) : toy_book();
    bytes_free(&text);
    return toy;
}

void toy_free(Toy *toy) {
    for (int i = 0; i < toy->n; i++) memory_free((void *)toy->words[i]);
    memory_free(toy->words);
    mat_free(&toy->x);
    *toy = (Toy){0};
}
