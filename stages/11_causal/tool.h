/* tool - what the files of stage 11 share. main.c is the lecture; tool.c reads the command line; draw.c prints tables
 * and makes the picture. */
#ifndef STAGE_11_TOOL_H
#define STAGE_11_TOOL_H
#include "math/paper.h"
#include "model/toy.h"
#include "model/toy_heads.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    int width, head_width, head_seed;
    double dropout;
    Toy toy; /* the words */
} Choices;

Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* ---- draw.c ---- */
void print_causal(const Choices *ask, const ToyHeads *head, Paper kept); /* kept (1, n), weights and contexts */

/* How many rows moved, of so many, without a mask (and by how much at most), and under the causal one. */
void print_leak(int moved, int moved_causal, int of, double most);
void print_dropout(const Choices *ask, Paper ones, Paper weights);

/* Three maps (n, n) side by side: without a mask, causal, and causal with dropout. */
void draw_maps(const Choices *ask, Mat before, Mat causal, Mat dropped);
#endif
