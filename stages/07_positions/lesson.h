/* What the files of this stage share: the command line, the schemes that change scores, and the pictures. */
#ifndef STAGES_POSITIONS_LESSON_H
#define STAGES_POSITIONS_LESSON_H
#include "base/options.h"
#include "math/mat.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    int tokens, width, heads;
    char *command; /* owned */
} Choices;

/* ---- main.c ---- */

/* Fails with EXIT_DATA when told and common are more than 1e-5 apart. */
void expect_agreement(const char *what, Mat common, Mat told);

/* ---- scores.c: told in loops, printed, and proven equal to common/ ---- */
void tell_alibi(int heads);
void tell_buckets(void);
void tell_shaw(uint64_t seed);

/* ---- draw.c ---- */

/* Pictures of each encoding: sinusoids (both layouts), their dot products, ALiBi, T5's buckets, Shaw's rows, RoPE's
 * angles. */
void draw_all(const Choices *a);
#endif
