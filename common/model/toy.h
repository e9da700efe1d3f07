/* toy - a sentence as words and vectors, before there is a model: the input of stages 08 to 13. The book's six words
 * have the book's vectors; the words of any other text get seeded ones. They mean nothing yet, and that is the point:
 * what the stages show must hold for any numbers. */
#ifndef MODEL_TOY_H
#define MODEL_TOY_H
#include "base/options.h"
#include "math/mat.h"
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int n;
    const char **words; /* [n] owned, each of them too; as labels: printable, at most TOY_MOST_LETTERS characters */
    Mat x;              /* (n, width) owned */
} Toy;

enum { TOY_MOST_WORDS = 4096, TOY_MOST_LETTERS = 24 };

/* "Your journey starts with one step", width 3. Source: Raschka 2024, chapter 3. */
Toy toy_book(void);

/* The words between white space, in order. Equal words have equal vectors, from N(0, 1): word k of those that differ,
 * in order of appearance, has row k of init_normal(V, width). Fails with EXIT_DATA when there is no word, or more than
 * TOY_MOST_WORDS. width >= 1. */
Toy toy_text(const char *text, size_t size, int width, uint64_t seed);

/* kind[i]: which different word the i-th one is, counted by first appearance. Returns how many there are. */
int toy_kinds(const Toy *toy, int *kind);

/* The same words with other vectors, (n, width), seeded by the same rule. You free them. */
Mat toy_vectors(const Toy *toy, int width, uint64_t seed);

/* What a stage works on: the user's text (base/options, options_input), or toy_book() when none is given. */
Toy toy_read(const Common *common, int width);

void toy_free(Toy *toy);
#endif
