/* tool - what the files of stage 14 share. main.c is the lecture: one head, forwards and backwards; told.c has the two
 * pieces that others tell with too; same.c: the head by common/; check.c: is a gradient right? central differences;
 * parts.c: layer norm, GELU, cross-entropy, embedding, dropout, tied weights; step.c: what a gradient is for: clipping,
 * AdamW, and why deep networks have shortcuts; tool.c reads the command line, draw.c makes the pictures. */
#ifndef STAGE_14_TOOL_H
#define STAGE_14_TOOL_H
#include "attention/mask_options.h"
#include "math/paper.h"
#include "model/toy.h"
#include "model/toy_heads.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    int width, head_width;
    double eps, rate;
    Toy toy;        /* the words, at most 128 */
    NamedMask mask; /* who may look at whom */
} Choices;

Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* ---- A head. Its gradient is a head, too: each number has its derivative in the same place. ---- */

typedef struct {
    Paper x;               /* (n, C) */
    Paper wq, wk, wv;      /* (d, C) */
    Paper q, k, v;         /* (n, d) */
    Paper scores, weights; /* (n, n) */
    Paper context;         /* (n, d) */
    Mask mask;
} Head;

Head head_new(const Choices *ask);                       /* all zeros. You free it */
Head head_of(const Choices *ask, const ToyHeads *drawn); /* its words and matrices. You free it */
void head_free(Head *head);

enum { INPUTS = 4 }; /* what a head is differentiated by: Wq, Wk, Wv, x */
extern const char *const INPUT_NAMES[INPUTS];
Paper head_input(const Head *head, int which);

/* What is differentiated: computes everything in `context` again and gives the loss. A head's is told in main.c, and
 * handed to whoever moves a number of it. */
typedef double (*Loss)(void *context);

/* ---- same.c ---- */

typedef struct {
    ToyHeads head; /* the words, and Wq, Wk, Wv drawn with --seed; its maps are the weights, its out the context */
    Mat dx, dwq, dwk, dwv, dq, dk, dv, dx_part; /* the gradients; dx_part (n, C) is room for a summand of dx */
} Same;

Same same_new(const Choices *ask); /* of the words of ask, which it borrows. You free it */
void same_free(Same *same);
double same_forward(void *same); /* the loss: floats, summed in double precision */
void same_backward(Same *same);  /* after same_forward */
void same_run(void *same);       /* both: what --time measures */
Mat same_input(const Same *same, int which);
Mat same_gradient(const Same *same, int which);

/* ---- check.c ---- */

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
void tell_check(const Choices *ask, Loss loss, Head *head, const Head *gradient);

/* The error against the step, in double and in single precision: a table, the picture "step". Fails with EXIT_DATA when
 * no step brings gradient and differences together. */
void tell_steps(const Choices *ask, Loss loss, Head *head, const Head *gradient, Same *same);

/* ---- parts.c and step.c ---- */

void tell_parts(const Choices *ask);
void tell_step(const Choices *ask, Loss loss, Head *head, const Head *gradient);
void tell_shortcuts(void);

/* ---- draw.c ---- */

enum { STEPS = 11, FLOAT_STEPS = 6 }; /* 0.1, 0.01, ...; below 1e-6 a float near 1 hardly moves */

void draw_gradients(const Choices *ask, const Head *gradient, const Head *slopes);                    /* x unused */
void draw_steps(const Choices *ask, const float *eps, const float *in_double, const float *in_float); /* [STEPS] */

/* What arrives at the weights, and what the softmax lets through. */
void draw_flow(const Choices *ask, const Head *head, const Head *gradient);
#endif
