/* lesson - the parts of stage 06. main.c: a table of seeded numbers, and what a lookup is; batch.c: token and position
 * vectors for a batch of windows; alike.c: which words have like vectors. */
#ifndef STAGE_LESSON_H
#define STAGE_LESSON_H
#include "base/options.h"
#include "math/mat.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    const char *vocabulary, *model;
    int width, context, batch;
    char *command;
} Choices;

/* out (n, C): row i is row ids[i] of table (V, C). Nothing is computed: a lookup copies. */
void lookup_told(Mat out, Mat table, const int *ids);

/* A batch of windows of the text as vectors: shapes, the first token's numbers, and a picture (batch.png). */
void tell_batch(const Choices *ask);

/* The table of cosines between the words of a sentence, seeded or pretrained, and a picture (alike.png). */
void tell_alike(const Choices *ask);
#endif
