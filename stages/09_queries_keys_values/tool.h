/* tool - what the files of stage 09 share. main.c is the lecture: one head, and why its scores are divided by sqrt(d);
 * order.c asks whether it knows the order of the words; tool.c reads the command line and prints, draw.c makes the
 * pictures. */
#ifndef STAGE_09_TOOL_H
#define STAGE_09_TOOL_H
#include "math/paper.h"
#include "model/toy.h"
#include "model/toy_heads.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    int weights, width, head_width; /* weights: a ToyWeights */
    double temperature;
    Toy toy;      /* the words */
    int from, to; /* the cell told by hand: two of them */
} Choices;

Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* The head on paper, as main.c tells it. */

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
    double slope[2];    /* the mean of p (1 - p), p the largest weight: how far it follows its own score */
} Saturation;
void print_saturation(const Saturation *rows);        /* [WIDTHS] */
void print_temperature(double factor, Paper weights); /* a row: softmax of factor * scores, its entropy */

/* ---- order.c: a table, and a picture: the same words in another order, with each of stage 07's encodings. ---- */
void tell_order(const Choices *ask);

/* ---- draw.c ---- */
void draw_head(const Choices *ask, const Head *head);
void draw_scaling(const Choices *ask, const Saturation *rows);
void draw_order(const Choices *ask, const Mat *maps); /* [4] without positions and with, as written and rotated */
#endif
