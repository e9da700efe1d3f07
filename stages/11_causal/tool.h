/* tool - what the files of stage 11 share. main.c is the lecture; tool.c reads the command line and runs the head by
 * common/, which --time measures; draw.c makes the picture. */
#ifndef STAGE_11_TOOL_H
#define STAGE_11_TOOL_H
#include "attention/mask.h"
#include "model/toy.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    int width, head_width, head_seed;
    double dropout;
} Choices;

Choices choices_parse(int argc, char **argv);

/* The head of stage 09 by common/, with a mask. */
typedef struct {
    Mat x;          /* (n, C), borrowed */
    Mat wq, wk, wv; /* (d, C) */
    Mat q, k, v;    /* (n, d) */
    Mat maps, out;  /* (n, n), (n, d) */
} Head;

Head head_new(Mat x, int d, uint64_t seed); /* seeded weights; you free it */
void head_free(Head *head);
void head_run(Head *head, Mask mask); /* from x to out */
void time_head(int runs, Head *head); /* --time, under a causal mask */

/* Three maps (n, n) side by side: without a mask, causal, and causal with dropout. */
void draw_maps(const Choices *ask, const Toy *toy, Mat before, Mat causal, Mat dropped);
#endif
