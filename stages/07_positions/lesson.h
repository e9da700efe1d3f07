/* What the files of this stage share: the command line, and the pictures. */
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

/* Pictures of each encoding: sinusoids (both layouts), their dot products, ALiBi, T5's buckets, RoPE's angles. */
void draw_all(const Choices *a);
#endif
