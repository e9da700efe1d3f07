/* gpt - a GPT: a stack of pre-layer-norm decoder blocks with a head, usually tied to the word embeddings, of any size,
 * under any mask. Trained in stages/15_training; sampled from in 16; GPT-2's own weights are read by it in 18. Source:
 * Radford et al. 2019.
 *
 *   x = words[id] + places[position];  each block: x += mix(attention(norm1(x)));  x += narrow(gelu(widen(norm2(x))));
 *   logits = last_norm(x) head^T, and head is words where it is tied
 *
 * Here are its form and its numbers. gpt_block runs one block, gpt_run a whole text or one that grows, gpt_pass many
 * texts at once and back again, gpt_files reads and writes folders.
 *
 * All parameters lie in one row of numbers, matrices first, so that an optimizer, a reduction or a checkpoint is one
 * loop. Gradients have the same form. */
#ifndef MODEL_GPT_H
#define MODEL_GPT_H
#include "attention/mask_options.h"
#include "attention/positions.h"
#include "base/rng.h"
#include "math/layers.h"
#include <stdbool.h>

typedef struct {
    int layers, heads, width;        /* heads divide width */
    int inner;                       /* of the feed-forward block: usually 4 * width */
    int vocab, context;              /* V, and the longest text in tokens */
    const PositionScheme *positions; /* one of gpt_position; NULL becomes the learned one */
    float norm_eps;                  /* 1e-5 */
    Activation activation;           /* of the feed-forward block; ACTIVATION_NONE becomes GPT-2's, gelu by tanh */
    bool unscaled;                   /* scores are not divided by sqrt(d_head): to see what that is worth */
    bool fills_gaps;                 /* it learns what stood in a gap, not what comes next: it cannot write */
} GptConfig;

typedef struct {
    LayerNorm before_attention;
    Linear qkv; /* (3C, C): the rows of the queries, then the keys', then the values' */
    Linear mix; /* (C, C): mixes the heads */
    LayerNorm before_feed_forward;
    Linear widen, narrow; /* (inner, C), (C, inner): the feed-forward block */
} GptLayer;

/* Parameters, or their gradients. */
typedef struct {
    float *numbers;   /* [count]; owned */
    Mat words;        /* (V, C) */
    Mat places;       /* (context, C); rows 0 unless positions are learned */
    GptLayer *layers; /* owned */
    LayerNorm last;
} GptWeights;

typedef struct {
    GptConfig config;
    size_t count;   /* parameters, without own_head */
    size_t decayed; /* of these, the first so many are matrices, which weight decay shrinks */
    GptWeights weights;
    Mat rows;           /* (context, C) the positions that are computed and added, else data NULL */
    Mat own_head;       /* (V, C) of a file whose head is not tied, else data NULL; neither trained nor saved; owned */
    const char *tokens; /* how its text became ids: "char", "word", "bpe", a constant; NULL: its files do not say */
    NamedMask trained;  /* the mask that it learns, or has learnt, under: what "no mask" means for it; owned */
} Gpt;

/* A model with zero weights and norms of gain 1, to be trained under a causal mask. Fails with EXIT_DATA when a size
 * makes no sense (heads that do not divide the width, ...) and with EXIT_ENVIRONMENT when it does not fit into memory.
 * You free it. */
Gpt gpt_new(GptConfig config);
void gpt_free(Gpt *gpt);

/* Another mask to learn under; what it borrows is copied. EXIT_DATA for a picture that config.json has no room for. */
void gpt_train_under(Gpt *gpt, Mask mask);

/* The schemes that a GPT can have, by place 0, 1, ... (NULL: that was all): those that need no table, and the learned
 * one, whose table is a parameter. The same as words of an option: "none|learned|..."; you free them. */
const PositionScheme *gpt_position(int place);
char *gpt_position_words(void);

/* For programs that let it write: EXIT_DATA for a model that has learnt without a causal mask, or to fill gaps. */
void gpt_check_writes(const Gpt *gpt, const char *folder);

/* What makes logits of the last norm's rows: the words' own vectors, unless the head is not tied. Borrowed. */
Linear gpt_head(const Gpt *gpt);

/* How many parameters a model of this form has with a tied head; false when the number does not fit. */
bool gpt_count(const GptConfig *config, size_t *count);

/* Matrices ~ N(0, deviation), drawn one after the other in the order of `numbers` by nn.init.normal_'s recipe; biases
 * 0, gains 1. */
void gpt_randomise(Gpt *gpt, Rng *rng, float deviation);

/* Room for gradients of this model: zeroed. You free it. */
GptWeights gpt_weights_new(const Gpt *gpt);
void gpt_weights_free(GptWeights *weights);
#endif
