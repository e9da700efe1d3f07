/* lesson - the parts of stage 06. main.c: a table of seeded numbers, and what a lookup is; batch.c: token and position
 * vectors for a batch of windows; alike.c: which words have like vectors. */
#ifndef STAGE_LESSON_H
#define STAGE_LESSON_H
#include "base/options.h"
#include "math/mat.h"
#include "model/toy.h"
#include "show/show_options.h"
#include "text/bpe.h"

typedef struct {
    Common common;
    ShowOptions show;
    const char *vocabulary, *model, *words;
    int width, context, batch;
    char *command;
} Choices;

/* out (n, C): row i is row ids[i] of table (V, C). Nothing is computed: a lookup copies. */
void lookup_told(Mat out, Mat table, const int *ids);

/* Ids of the text, and in *vocabulary how many different ones there could be: GPT-2's vocabulary where it is there,
 * else bytes. You free them. */
Ids read_ids(const Choices *ask, int *vocabulary);

/* A batch of windows of the ids as vectors: shapes, the first token's numbers, and a picture (batch.png). Fails with
 * EXIT_DATA, before it prints, when there are too few for a window. */
void tell_batch(const Choices *ask, Ids ids, int vocabulary);

/* --words with seeded vectors, or with those of a pretrained model. You free them. */
Toy read_words(const Choices *ask);

/* The table of cosines between the words of a sentence, seeded or pretrained, and a picture (alike.png). */
void tell_alike(const Choices *ask, const Toy *toy);
#endif
