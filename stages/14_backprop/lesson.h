/* lesson - the parts of stage 14. main.c: one head, forwards and backwards; same.c: the same by common/; check.c: is a
 * gradient right? central differences; parts.c: layer norm, GELU, cross-entropy, embedding, dropout, tied weights;
 * step.c: what a gradient is for: clipping, AdamW, and why deep networks have shortcuts. */
#ifndef STAGE_LESSON_H
#define STAGE_LESSON_H
#include "attention/mask_options.h"
#include "math/paper.h"
#include "model/toy.h"
#include "show/show_options.h"

enum { MOST_WORDS = 128 };

typedef struct {
    Common common;
    ShowOptions show;
    MaskOptions mask;
    int width, head_width;
    double eps, rate;
    char *command;
} Choices;

/* ---- main.c: the head. The gradient of a head is a head: each number has its derivative in the same place. ---- */

typedef struct {
    Paper x;               /* (n, C) */
    Paper wq, wk, wv;      /* (d, C) */
    Paper q, k, v;         /* (n, d) */
    Paper scores, weights; /* (n, n) */
    Paper context;         /* (n, d) */
    Mask mask;
} Head;

enum { INPUTS = 4 }; /* what a head is differentiated by: Wq, Wk, Wv, x */
extern const char *const INPUT_NAMES[INPUTS];
Paper head_input(const Head *head, int which);

/* Lines (1) to (5): fills q, k, v, scores, weights and context, and gives the loss. */
double head_forward(Head *head);

/* Line (1), y (n, m) = x (n, k) W^T, W (m, k), and backwards: dx and dw are ADDED to. */
void project(Paper y, Paper x, Paper w);
void project_backward(Paper dx, Paper dw, Paper dy, Paper x, Paper w);

/* ---- same.c ---- */

typedef struct {
    Mat x, wq, wk, wv, q, k, v, maps, out;      /* as in Head; maps is the weights, out the context */
    Mat dx, dwq, dwk, dwv, dq, dk, dv, dx_part; /* the gradients; dx_part (n, C) is room for a summand of dx */
    Mask mask;
} Same;

Same same_new(const Head *head); /* copies x and the matrices, rounded to floats. You free it. */
void same_free(Same *same);
double same_forward(void *same); /* the loss: floats, summed in double precision */
void same_backward(Same *same);  /* after same_forward */
void same_run(void *same);       /* both: what --time measures */
Mat same_input(const Same *same, int which);
Mat same_gradient(const Same *same, int which);

/* ---- check.c ---- */

typedef double (*Loss)(void *context);

/* (loss(number + eps) - loss(number - eps)) / 2 eps; the number is put back. */
double slope_told(double *number, double eps, Loss loss, void *context);

typedef struct {
    int checked, numbers; /* of a large matrix only every so many is checked */
    double largest;       /* |gradient| */
    double difference;    /* the largest |gradient - slope| */
} Check;

/* Holds dx against slopes: every number of x, or at most `most` of them. slopes, if at is not NULL, gets them. */
Check check_gradient(Paper x, Paper dx, Paper slopes, double eps, int most, Loss loss, void *context);
void check_print(const char *name, Check check); /* one line; check_heading is the line above */
void check_heading(double eps);

/* The table of the head's gradients against differences, and the picture "gradients". */
void tell_check(const Choices *ask, Head *head, const Head *gradient);

/* The error against the step, in double and in single precision: a table, the picture "step". Fails with EXIT_DATA when
 * no step brings gradient and differences together. */
void tell_steps(const Choices *ask, Head *head, const Head *gradient, Same *same);

/* ---- parts.c and step.c ---- */

double gelu(double x); /* the tanh form */
double gelu_slope(double x);
void tell_parts(const Choices *ask, const Toy *toy);
void tell_step(const Choices *ask, Head *head, const Head *gradient);
void tell_shortcuts(void);
#endif
