/* tool - what the files of stage 12 share. main.c is the lecture, in two parts: several heads, and the block around
 * them; same.c runs both by common/; tool.c reads the command line and counts parameters; draw.c makes the pictures. */
#ifndef STAGE_12_TOOL_H
#define STAGE_12_TOOL_H
#include "attention/mask_options.h"
#include "model/gpt.h"
#include "model/toy.h"
#include "model/toy_heads.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    MaskOptions mask;
    const char *pair;
    int width, heads, head_width, out_width;
    bool asks_mask; /* is there a mask on the command line? Only then cross-attention has one, too */
} Choices;

Choices choices_parse(int argc, char **argv);

/* The words of --pair, with vectors as wide as the first sentence's. You free them. */
Toy other_sentence(const Choices *ask, int width);

/* How many numbers GPT-2's four sizes hold. */
void print_counts(void);

/* ---- same.c: part one by common/ ---- */

/* Heads of --head-width with seeded weights, and run: drawn as the book's wrapper makes its heads, one after the other;
 * or `whole`, as one large head. You free them. */
ToyHeads heads_seeded(const Choices *ask, Mat from, Mat to, Mask mask, bool whole);

/* The same contexts (n, heads * d) by one product in place of three. You free them. */
Mat heads_fused(const ToyHeads *heads);

/* The module everyone writes: heads, then one more matrix that mixes them. Prints what comes out. */
void tell_module(const Choices *ask, const Toy *toy, Mask mask);

/* ---- same.c: part two by common/ ---- */

/* A GPT of one block and nothing else, with seeded weights and biases. You free it. */
Gpt block_new(int heads, int width, uint64_t seed);
Mat block_run(const Gpt *gpt, Mat x, Mask mask); /* x (n, width) through the block; you free what comes out */

/* ---- draw.c ---- */
void draw_heads(const Choices *ask, const ToyHeads *heads, const Toy *toy, const char *mask_title);
void draw_cross(const Choices *ask, const ToyHeads *heads, const Toy *from, const Toy *to, const char *mask_title);
#endif
