/* tool - what the files of stage 08 share. main.c is the lecture; tool.c reads the command line and prints, draw.c
 * makes the picture. */
#ifndef STAGE_08_TOOL_H
#define STAGE_08_TOOL_H
#include "math/paper.h"
#include "model/toy.h"
#include "show/show_options.h"

typedef struct {
    Common common;
    ShowOptions show;
    int width, query; /* `query`: the word that asks */
    Toy toy;          /* n words, d numbers each */
} Choices;

Choices choices_parse(int argc, char **argv);
void choices_free(Choices *ask);

/* What the lecture fills. You free each. */
typedef struct {
    Paper x;               /* (n, d) a row a word */
    Paper scores, weights; /* (n, n) row i: what the others answer to word i, and what it makes of the answers */
    Paper context;         /* (n, d) the mixtures */
    Paper steps;           /* (3, n) word `query`: its scores, each divided by their sum, their softmax */
} Lesson;
void tell_word(const Choices *ask, const Lesson *lesson); /* the steps, and the mixture that comes out */
void tell_all(const Choices *ask, const Lesson *lesson);
void tell_symmetry(const Choices *ask, const Lesson *lesson); /* the weights that differ most in the two directions */

/* weights (n, n) as a picture, weights.png, or in the terminal. */
void draw_weights(const Choices *ask, Mat weights);
#endif
