/* tool - what the files of stage 12 share. main.c is the lecture, in two parts: several heads, and the block around
 * them. same.c runs both by common/, made.c has heads made by hand, tool.c reads the command line and counts
 * parameters, draw.c makes the pictures. */
#ifndef STAGE_12_TOOL_H
#define STAGE_12_TOOL_H
#include "attention/mask_options.h"
#include "base/plural.h"
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
    Toy toy, other; /* the words, and those of --pair, with vectors as wide */
    NamedMask own;  /* of the heads, over toy's words */
} Choices;

Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* All of the other sentence may be read, unless a mask was asked for: then it holds over both lengths. You free it. */
NamedMask mask_of_cross(const Choices *ask);

/* How many numbers GPT-2's four sizes hold. */
void print_counts(void);

/* ---- same.c: part one by common/ ---- */

/* Heads of --head-width with seeded weights, and run: drawn as the book's wrapper makes its heads, one after the other;
 * or `whole`, as one large head. You free them. */
ToyHeads heads_seeded(const Choices *ask, Mat from, Mat to, Mask mask, bool whole);

/* The same contexts (n, heads * d) by one product in place of three. You free them. */
Mat heads_fused(const ToyHeads *heads);

/* The module everyone writes: heads, then one more matrix that mixes them. Prints what comes out. */
void tell_module(const Choices *ask);

/* ---- same.c: part two by common/ ---- */

/* The words through a GPT of one block and nothing else, with seeded weights and biases. */
typedef struct {
    Gpt gpt;
    Mat x, middle, out; /* (n, width) what goes in, the sum after the first half, what comes out */
} Block;
Block block_new(const Choices *ask, bool draw_norms); /* draw_norms: gains and biases of both ~ N(0, 1). You free it */
void block_free(Block *block);

/* ---- made.c ---- */

enum { MADE = 4 };
extern const char *const MADE_HEADS[MADE];                 /* what each of them looks for */
Mat made_maps(const Toy *toy, Mask mask);                  /* (MADE * n, n); you free it */
Mat made_cross(const Toy *from, const Toy *to, Mask mask); /* (n, m): each word looks for itself; you free it */

/* ---- draw.c ---- */
void print_heads(const Choices *ask, const ToyHeads *heads);
void print_cross(const Choices *ask, const ToyHeads *heads);
void print_block(const Choices *ask, Mat out); /* (n, width) what the block made of the words */
void draw_heads(const Choices *ask, const ToyHeads *heads);
void draw_made(const Choices *ask);
void draw_cross(const Choices *ask, const NamedMask *mask);
void draw_block(const Choices *ask, const Block *block);
#endif
