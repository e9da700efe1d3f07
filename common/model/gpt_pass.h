/* gpt_pass - many texts through a GPT at once, for training and evaluation: forwards, the loss, and backwards. Told in
 * stages/15_training (forwards) and 14_backprop (each part backwards). */
#ifndef MODEL_GPT_PASS_H
#define MODEL_GPT_PASS_H
#include "attention/attention.h"
#include "model/gpt.h"

/* What one forward pass over up to `sequences` texts of `length` tokens leaves for the backward pass. Row s * length +
 * i of every matrix is token i of sequence s. */
typedef struct {
    Mat input, normed1, qkv, context, middle, normed2; /* (rows, C); qkv (rows, 3C) */
    Mat maps;                                          /* (sequences * heads * length, length) */
    Mat inner, slope;                                  /* (rows, inner): after the activation, and its derivative */
    Mat keep_map, keep_mix, keep_narrow;               /* dropout's factors; data NULL without */
} GptLayerPass;

typedef struct {
    int sequences, length;
    GptLayerPass *layers; /* [config.layers] */
    Mat output, normed;   /* (rows, C) what leaves the last block, and its norm */
    Mat logits;           /* (some rows, V): the head goes over the rows in parts */
    Mat keep_input;
    Mat dstream, dnarrow, dwide, dqkv, scratch; /* gradients on their way; scratch (length, length) */
    Mat bias;                                   /* ALiBi's, for this length; data NULL: none */
    double dropout;
    Mask mask;         /* the same for all heads and sequences, so asked once: */
    MaskRanges ranges; /* (length, length) */
} GptPass;

/* dropout 0: none. You free it. Takes about 16 floats per row, width and layer, and the maps. */
GptPass gpt_pass_new(const Gpt *gpt, int sequences, int length, double dropout);
void gpt_pass_free(GptPass *pass, const Gpt *gpt);

/* The sum of the losses of all targets (nats), for count <= pass->sequences texts: ids and targets [count * length],
 * every id below V, a target may be NO_TARGET (math/loss.h). No dropout. Allocates nothing; may run on a worker. */
double gpt_loss(const Gpt *gpt, GptPass *pass, const int *ids, const int *targets, int count, Mask mask);

/* The same, and gradient = keep * gradient + that of scale * the sum, keep 0 or 1. dropout draws the masks, if any. */
double gpt_learn(const Gpt *gpt, GptPass *pass, GptWeights *gradient, float keep, const int *ids, const int *targets,
                 int count, Mask mask, float scale, Rng *dropout);
#endif
