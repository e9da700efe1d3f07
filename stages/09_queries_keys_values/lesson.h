/* lesson - the parts of stage 09. main.c tells one head; scaling.c asks why its scores are divided by sqrt(d); order.c
 * asks whether it knows the order of the words. */
#ifndef STAGE_LESSON_H
#define STAGE_LESSON_H
#include "model/toy.h"
#include "show/show_options.h"

enum { WEIGHTS_RAND, WEIGHTS_LINEAR }; /* --weights */

typedef struct {
    Common common;
    ShowOptions show;
    const char *from, *to;
    int weights, width, head_width;
    double temperature;
    char *command;
} Choices;

/* scores [n] -> weights [n] that sum to 1: softmax(scores / temperature). In place. */
void softmax_told(float *scores, int n, double temperature);

/* Tables and two pictures (scaling.png, temperature.png): the variance of q.k, how softmax saturates, what is left of
 * its gradient, and what a temperature does. */
void tell_scaling(const Choices *ask);

/* A table and a picture (order.png): the same words in another order, without positions and with each of stage 07's. */
void tell_order(const Choices *ask, const Toy *toy);
#endif
