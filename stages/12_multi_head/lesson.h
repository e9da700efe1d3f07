/* lesson - the parts of stage 12. main.c: several heads are one head, cut; cross.c: queries from one sentence, keys and
 * values from another; layer.c: the whole transformer layer, and how many numbers models of it hold. */
#ifndef STAGE_LESSON_H
#define STAGE_LESSON_H
#include "attention/mask_options.h"
#include "model/toy.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    MaskOptions mask;
    const char *pair;
    int width, heads, head_width, out_width;
    bool asks_mask; /* is there a mask on the command line? Only then cross-attention has one, too */
    char *command;
} Choices;

/* ---- main.c: told in loops ---- */

/* y (n, d) = x (n, C) W^T + b, W (d, C), b [d] or NULL. */
void project_told(Mat y, Mat x, Mat w, const float *bias);

/* One head: map (n, m) = softmax over allowed keys of q k^T / sqrt(d), out (n, d) = map v. q (n, d), k and v (m, d). */
void head_told(Mat out, Mat map, Mat q, Mat k, Mat v, Mask mask);

/* Fails with EXIT_DATA when told and common are more than 1e-5 apart. */
void expect_agreement(const char *what, Mat common, Mat told);

/* ---- the other parts ---- */

/* The words of --pair, with vectors as wide as the first sentence's. You free them. */
Toy other_sentence(const Choices *ask, int width);

/* Queries from toy, keys and values from the other sentence: maps of n x m. */
void tell_cross(const Choices *ask, const Toy *toy, const Toy *other);

/* One pre-norm layer, as GPT-2 stacks them: x + attention(norm(x)), then x + feed-forward(norm(x)). Then a table of
 * parameter counts. */
void tell_layer(const Choices *ask, const Toy *toy, Mask mask);
#endif
