/* neuron - how one weight comes about (the neuron view of Vig 2019): for one query token, its q, every key's k, their
 * products dimension by dimension, the sum of those divided by sqrt(d), and the softmax over all keys. Drawn in stages
 * 09 and 17. */
#ifndef SHOW_NEURON_H
#define SHOW_NEURON_H
#include "show/figure.h"

typedef struct {
    Mat query;                /* (1, d) of one head */
    Mat keys;                 /* (n, d) */
    Mat weights;              /* (1, n) the head's softmax for this query, as the model has it */
    const char *query_name;   /* the token that looks */
    const char *const *names; /* [n] the keys' tokens; NULL numbers them */
    const bool *hidden;       /* [n] keys that the mask forbids: hatched; NULL: none */
    double scale;             /* of the scores; 0: 1 / sqrt(d) */
    const float *bias;        /* [n] added to the scaled scores (ALiBi); NULL: nothing */
} Neuron;

/* Draws it, in a terminal only the weights; products and sums are computed here, in double. Blue is positive, orange
 * negative. Numbers are printed up to 80 keys. Data: NAME_q.dat, NAME_k.dat, NAME_qk.dat, NAME_scores.dat and
 * NAME_weights.dat (a line a key). Errors: figure_finish. */
void neuron_draw(Sheet sheet, Neuron neuron);
#endif
