/* tool - what the files of stage 09 share. main.c is the lecture: one head, and why its scores are divided by sqrt(d);
 * order.c asks whether it knows the order of the words; same.c is the head by common/; tool.c reads the command line
 * and prints, draw.c makes the pictures. */
#ifndef STAGE_09_TOOL_H
#define STAGE_09_TOOL_H
#include "math/paper.h"
#include "model/toy.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    int weights, width, head_width; /* weights: as in same.c */
    double temperature;
    Toy toy;      /* the words */
    int from, to; /* the cell told by hand: two of them */
} Choices;

Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* ---- same.c: seeded weights, and the head by common/ ---- */

enum { WEIGHTS_RAND, WEIGHTS_LINEAR }; /* --weights */

typedef struct {
    Mat x;                        /* (n, C) borrowed */
    Mat wq, wk, wv;               /* (d, C) */
    Mat q, k, v;                  /* (n, d) */
    Mat scores, weights, context; /* (n, n), (n, n), (n, d); scores are q.k / sqrt(d) */
    double temperature;
} Same;
Same same_new(const Choices *ask); /* the weights are drawn. You free it */
void same_free(Same *same);
void same_run(void *same); /* a Same *: what --time measures */

/* ---- the same numbers on paper, as main.c tells them ---- */

typedef struct {
    Paper q, k, v, scores, weights, context;
} Head;
void tell_head(const Choices *ask, const Head *head);
void tell_cell(const Choices *ask, const Head *head); /* every step from two vectors to one weight */

/* What one width d does, over TRIALS queries with KEYS keys each, all numbers drawn from N(0, 1). */
enum { WIDTHS = 6, TRIALS = 1000, KEYS = 16 };
typedef struct {
    int width;
    double variance;    /* of q.k */
    double largest[2];  /* the mean of each query's largest weight: of q.k, and of q.k / sqrt(d) */
    double gradient[2]; /* the mean of p (1 - p), p the largest weight: what softmax passes back */
} Saturation;
void print_saturation(const Saturation *rows);        /* [WIDTHS] */
void print_temperature(double factor, Paper weights); /* a row: softmax of factor * scores, its entropy */

/* ---- order.c: a table, and a picture: the same words in another order, with each of stage 07's encodings. ---- */
void tell_order(const Choices *ask);

/* ---- draw.c ---- */
void draw_head(const Choices *ask, const Same *same);
void draw_scaling(const Choices *ask, const Saturation *rows);
void draw_order(const Choices *ask, const Mat *maps); /* [4] without positions and with, as written and rotated */
#endif
