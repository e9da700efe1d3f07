/* tool - what the files of stage 11 share. main.c is the lecture; tool.c reads the command line, draw.c makes the
 * picture. */
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

/* Three maps (n, n) side by side: without a mask, causal, and causal with dropout. */
void draw_maps(const Choices *ask, const Toy *toy, Mat before, Mat causal, Mat dropped);
#endif
