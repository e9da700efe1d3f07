/* sampling - from logits to the next token, and the loop around it that writes a text. Told in stages/16_sampling.
 * Sources: temperature and the draw are PyTorch's, so that the same seed draws the same tokens; top-k is Fan et al.
 * 2018, top-p Holtzman et al. 2020, both as transformers applies them. */
#ifndef MODEL_SAMPLING_H
#define MODEL_SAMPLING_H
#include "base/rng.h"
#include "model/gpt_run.h"
#include "text/ids.h"
#include <stdbool.h>

/* Applied in this order. Zeroed is greedy: the likeliest token, always. */
typedef struct {
    double temperature; /* logits are divided by it; 0: greedy */
    int top_k;          /* the k likeliest tokens stay, and those as likely as the k-th; 0: all */
    double top_p;       /* the likeliest tokens stay that together have at least this share; 0, or 1 and above: all */
} SampleRule;

/* The id of the largest logit, the first of equal ones; -1 when one is NaN or +infinity, or all are -infinity. */
int sampling_best(const float *logits, int n);

/* The ids of the `most` largest of logits [n] (or of shares), the largest first, of equal ones the lower id; returns
 * how many there are: most, or n. */
int sampling_likeliest(int *ids, int most, const float *logits, int n);

/* probabilities [n] that sum to 1 from logits [n]: softmax(logits / temperature), what top_k and top_p leave of it,
 * divided by its sum. Of equally likely tokens top_p keeps those with lower ids. Greedy: 1 for the best. False, and
 * nothing written, when the logits have no best. May be in place. */
bool sampling_probabilities(float *probabilities, const float *logits, int n, SampleRule rule);

/* One id, drawn as torch.multinomial(probabilities, 1) draws it: the largest p_i / e_i, with e_i from Exp(1). Uses n
 * numbers of the rng. probabilities [n] need not sum to 1; one at least is positive (asserted). */
int sampling_draw(Rng *rng, const float *probabilities, int n);

/* Both: the next id, or -1 when the logits have no best. Greedy draws nothing. probabilities [n] is scratch, and
 * afterwards what was drawn from. */
int sampling_next(Rng *rng, float *probabilities, const float *logits, int n, SampleRule rule);

/* A text in the making. The cache has read ids[from..ids.n), at most the model's context of them; when it is full, it
 * begins anew from the second half of what it had read, because learned positions end there. So a token costs a bounded
 * number of steps, two on average at most, however long the text becomes. */
typedef struct {
    const Gpt *gpt;   /* borrowed */
    Workers *workers; /* borrowed; NULL for a model too small to share out */
    Mask mask;        /* causal (asserted) */
    GptCache cache;
    Ids ids;       /* all tokens so far; owned */
    size_t from;   /* the first that the cache has read */
    float *logits; /* [V] what comes after the last one; owned */
} Writer;

/* Reads the prompt: n >= 1 ids below V (asserted), of which the last `context` count. You free it. */
Writer writer_new(const Gpt *gpt, Workers *workers, Mask mask, const int *prompt, int n);
void writer_free(Writer *writer);

/* Appends a token and computes the logits after it. At most 2^30 tokens, else EXIT_DATA. */
void writer_add(Writer *writer, int id);

/* All of it: the prompt and so many tokens more, drawn by the rule; fewer, where the logits have no best. You free
 * them. */
Ids writer_text(const Gpt *gpt, Workers *workers, Mask mask, Ids prompt, int tokens, SampleRule rule, Rng *rng);
#endif
