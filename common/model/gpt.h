/* gpt - a GPT: a stack of pre-layer-norm decoder blocks with a head tied to the word embeddings, of any size, under any
 * mask. Trained in stages/15_training; sampled from in 16; GPT-2's own weights are read by it in 18. Source: Radford et
 * al. 2019.
 *
 *   x = words[id] + places[position];  each block: x += mix(attention(norm1(x)));  x += narrow(gelu(widen(norm2(x))));
 *   logits = last_norm(x) words^T
 *
 * All parameters lie in one row of numbers, matrices first, so that an optimizer, a reduction or a checkpoint is one
 * loop. Gradients have the same form. */
#ifndef MODEL_GPT_H
#define MODEL_GPT_H
#include "attention/mask.h"
#include "base/rng.h"
#include "base/workers.h"
#include "math/layers.h"
#include "math/fast/rows.h"
#include "model/trace.h"
#include <stdbool.h>

typedef enum { GPT_LEARNED, GPT_SINUSOIDAL, GPT_ROPE, GPT_ALIBI, GPT_NONE } GptPositions;
extern const char *const GPT_POSITIONS[]; /* "learned", ..., NULL: the words of --positions */

typedef struct {
    int layers, heads, width; /* heads divide width */
    int inner;                /* of the feed-forward block: usually 4 * width */
    int vocab, context;       /* V, and the longest text in tokens */
    GptPositions positions;
    float norm_eps; /* 1e-5 */
    bool unscaled;  /* scores are not divided by sqrt(d_head): to see what that is worth */
} GptConfig;

typedef struct {
    Mat qkv, mix, widen, narrow; /* (3C, C) (C, C) (inner, C) (C, inner), as math/layers wants them: y = x W^T + b */
    float *gain1, *bias1, *qkv_bias, *mix_bias, *gain2, *bias2, *widen_bias, *narrow_bias;
} GptLayer;

/* Parameters, or their gradients. */
typedef struct {
    float *numbers;   /* [count]; owned */
    Mat words;        /* (V, C) */
    Mat places;       /* (context, C); rows 0 unless positions are learned */
    GptLayer *layers; /* owned */
    float *last_gain, *last_bias;
} GptWeights;

typedef struct {
    GptConfig config;
    size_t count;   /* parameters */
    size_t decayed; /* of these, the first so many are matrices, which weight decay shrinks */
    GptWeights weights;
    Mat sinusoids; /* (context, C) for GPT_SINUSOIDAL, else data NULL */
} Gpt;

/* A model with zero weights and norms of gain 1. Fails with EXIT_DATA when a size makes no sense (heads that do not
 * divide the width, ...) and with EXIT_ENVIRONMENT when it does not fit into memory. You free it. */
Gpt gpt_new(GptConfig config);
void gpt_free(Gpt *gpt);

/* How many parameters a model of this form has; false when the number does not fit. */
bool gpt_count(const GptConfig *config, size_t *count);

/* Matrices ~ N(0, deviation), drawn one after the other in the order of `numbers` by nn.init.normal_'s recipe; biases
 * 0, gains 1. */
void gpt_randomise(Gpt *gpt, Rng *rng, float deviation);

/* Room for gradients of this model: zeroed. You free it. */
GptWeights gpt_weights_new(const Gpt *gpt);
void gpt_weights_free(GptWeights *weights);

/* ---- many sequences at once, for training and evaluation (gpt_pass.c) ---- */

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
    double dropout;
    Mask mask;                /* the same for all heads and sequences, so asked once: */
    RowRange *keys, *queries; /* [length] outside which a query sees no key, a key is seen by no query */
    bool whole;               /* inside, every query sees every key */
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

/* ---- one text ---- */

/* A Trace with room for n tokens, and one pass that fills all of it: `segment` stays zero, `attended` is the stream
 * after attention. logits (n, V), or data NULL: not wanted. ids are below V, n <= context unless positions are free of
 * a table (asserted). */
Trace gpt_trace_new(const Gpt *gpt, int n);
void gpt_trace(const Gpt *gpt, Workers *workers, const int *ids, Mask mask, Trace *trace, Mat logits);

/* The key-value cache: what earlier tokens leave for later ones. The work for one more token grows with their number,
 * not with its square. */
typedef struct {
    Mat *k, *v; /* [layers] (room, C) */
    int n, room;
    Mat stream, normed, qkv, context, wide; /* one row each */
    float *weights;                         /* [room] one head's row of its map */
} GptCache;
GptCache gpt_cache_new(const Gpt *gpt, int room);
void gpt_cache_free(GptCache *cache, const Gpt *gpt);

/* Reads one more token; logits [V] of what comes after it, or NULL: not wanted. Equal to row n of a full pass under the
 * same mask if that is causal. cache->n < cache->room (asserted). */
void gpt_step(const Gpt *gpt, Workers *workers, GptCache *cache, int id, Mask mask, float *logits);

/* ---- files in Hugging Face's GPT-2 layout (gpt_files.c) ---- */

/* folder/config.json and folder/model.safetensors, in this order, each written aside and renamed. Matrices of the
 * blocks are stored (in, out), as Conv1D wants them. transformers' GPT2LMHeadModel loads the result if positions are
 * learned. */
void gpt_save(const Gpt *gpt, const char *folder, Mask mask);

/* Reads such a folder: also GPT-2 itself, with or without `transformer.` in front of the names, F32, F16 or BF16. Fails
 * with EXIT_DATA or EXIT_ENVIRONMENT and one line: a foreign or torn file, a shape that does not fit, a NaN. *mask, if
 * not NULL, gets the mask that it was trained under (causal when the file does not say). You free it. */
Gpt gpt_load(const char *folder, Mask *mask);
#endif
