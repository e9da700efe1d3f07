/* trainer - a GPT learns a text, a step at a time, on as many workers as there are. Told in stages/15_training.
 *
 * The sequences of a batch are shared out in order: each worker runs its own forwards and backwards into a gradient of
 * its own, and these are then added in the order of the workers (math/optimizer). So the seed and the number of
 * workers decide every bit, and nothing else does. Workers are the threads of all ranks (base/ranks): two ranks of one
 * thread are two workers. All ranks draw the same batch and take the same step; they call all of this together. */
#ifndef MODEL_TRAINER_H
#define MODEL_TRAINER_H
#include "base/rng.h"
#include "math/optimizer.h"
#include "model/gpt_pass.h"
#include "text/ids.h"

typedef struct {
    int batch, length; /* windows in a batch, tokens in a window */
    Mask mask;
    double dropout;
    AdamW adamw;
    uint64_t seed;
    bool masked; /* masked language modelling instead of the next token: the last id of the vocabulary is [MASK] */
} TrainPlan;

typedef struct {
    TrainPlan plan;
    Gpt *gpt;         /* borrowed; its weights change */
    Workers *workers; /* borrowed */
    Ids text;         /* borrowed: what is learnt from */
    int shares;       /* workers, of all ranks, that have sequences: at most `batch` */
    int first, here;  /* of these, the ones of this rank */
    int together;     /* sequences in one pass: about 512 rows, whose activations stay near the processor */
    GptPass *passes;  /* [here] */
    GptWeights *gradients;
    float **sums;         /* [here] their numbers */
    float *mean, *square; /* AdamW's state */
    int *ids, *targets;   /* [batch * length] */
    double *losses;       /* [shares] */
    Rng rng;              /* draws windows, and what is masked */
    int step;             /* steps done */
    bool writes;          /* this process prints, draws and saves: of several ranks, the first one */
} Trainer;

/* Everything that training needs, allocated now: a step allocates nothing. The gpt is trained under plan.mask from now
 * on, and says so when it is saved. Fails with EXIT_DATA when the text is no
 * longer than a window, with EXIT_ENVIRONMENT when the machine has less memory than it takes. The rng goes on from the
 * one that made the weights. The ranks bring the same text, sizes, parameters and number of workers, or it fails with
 * EXIT_DATA; more ranks than plan.batch are EXIT_USAGE. You free it. */
Trainer trainer_new(Gpt *gpt, Workers *workers, TrainPlan plan, Ids text, const Rng *rng);
void trainer_free(Trainer *trainer);

/* Do all ranks hold the same parameters, bit for bit? They do unless their processors round differently. */
bool trainer_ranks_equal(const Trainer *trainer);

typedef struct {
    double loss;    /* mean over the targets of the batch, before the step, in nats */
    double norm;    /* of the whole gradient, before clipping */
    bool is_finite; /* false: loss or norm is NaN or infinite, and the parameters were left alone */
} TrainStep;
TrainStep trainer_step(Trainer *trainer);

/* Mean loss over the whole text in windows of plan.length without overlap, without dropout; for masked modelling over
 * places that depend on the seed only. NaN when the text is no longer than a window. */
double trainer_loss(Trainer *trainer, Ids text);

/* ---- checkpoints (checkpoint.c) ---- */

/* Writes folder/training.safetensors, config.json and, last, model.safetensors: each aside and renamed.
 * training.safetensors holds all that a resumed run needs, so it is whole by itself whenever the process dies:
 * parameters, AdamW's state, random numbers, step. Rank 0 writes. Fails with EXIT_DATA when the ranks' parameters are
 * not the same any more. */
void trainer_save(const Trainer *trainer, const char *folder);

/* Goes on from folder: true when there was a checkpoint. Fails with EXIT_DATA when it is torn, foreign, of another size
 * or text, or holds a NaN, there or in model.safetensors, or when the latter is not the one that the run has saved.
 * Rank 0 reads, and tells the others: they need no common disk. A model.safetensors that is missing, or older because
 * the run was killed between the two files, is written. Another mask, batch, rate, ... than before is taken, with a
 * note that names it. */
bool trainer_resume(Trainer *trainer, const char *folder);
#endif
