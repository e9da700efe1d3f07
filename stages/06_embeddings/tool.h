/* tool - what the files of stage 06 share. main.c is the lecture; input.c makes the batch and the words that it looks
 * at; tool.c reads the command line and prints, draw.c makes the pictures. */
#ifndef STAGE_06_TOOL_H
#define STAGE_06_TOOL_H
#include "base/rng.h"
#include "math/paper.h"
#include "model/toy.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    const char *vocabulary, *model, *words;
    int width, context, batch;
} Choices;

Choices choices_parse(int argc, char **argv);
bool answered(const Choices *ask); /* --time; false when it was not asked for: then it is the lesson's turn */

/* ---- input.c ---- */

/* What a model is fed: B windows of T ids, each id its token's vector plus its place's vector, C numbers each. */
typedef struct {
    int rows, vocabulary;       /* B, V */
    int *ids;                   /* [B * T] */
    Mat tokens, positions, sum; /* (B * T, C), (T, C), (B * T, C): by common/ */
} Batch;

/* The first windows of the text in GPT-2's ids where its vocabulary is there, else in bytes, and seeded vectors. Fails
 * with EXIT_DATA when the text is too short for a window. You free it. */
Batch batch_read(const Choices *ask);
void batch_free(Batch *batch);

/* --words with seeded vectors, or with those of a trained model. You free them. */
Toy words_read(const Choices *ask);

/* ---- tool.c, draw.c: tables; batch.png and alike.png, or the same in the terminal ---- */
void print_lookup(uint64_t seed, Paper table, Paper rows, Paper onehot);
void print_difference(Paper product, Mat lookup);
/* A table of how far from 0 a cosine of random vectors typically is, which main.c tells. */
void tell_strangers(uint64_t seed, double (*typical)(Rng *rng, int width));
void print_batch(const Choices *ask, const Batch *batch);
void print_alike(const Choices *ask, const Toy *words, Paper cosines);
void draw_batch(const Choices *ask, const Batch *batch);
void draw_alike(const Choices *ask, const Toy *words, Paper cosines);
#endif
