/* trace - what one forward pass is asked, and everything that it leaves behind. Pictures, metrics and pages only read a
 * Trace, so a new model that fills one gets all of them for nothing. Filled by bert_forward and gpt_trace; read in
 * stages 10 and 15 to 20. */
#ifndef MODEL_TRACE_H
#define MODEL_TRACE_H
#include "attention/attention.h"

typedef struct Trace Trace;

/* What one pass is asked; zeroed: no mask, all heads. */
typedef struct {
    Mask mask;             /* holds in every layer: mask scope "model" */
    const bool *unmasked;  /* [layers] but not in these, where the model's own does; borrowed; NULL: in all */
    const bool *heads_off; /* [layers * heads] heads that add nothing (ablation); borrowed; NULL: none is off */
    const Trace *known;    /* a pass of the same model over the same text that was asked the same below layer `from`: */
    int from;              /* what it left there, and q, k and v of `from`, are copied; borrowed; NULL: nothing is */
    const Mat *places;     /* (n, width) added to the words in place of what the model adds for their places, for the
                              order test; borrowed; NULL: its own. What acts inside attention (RoPE, ALiBi) stays */
} Run;

/* The entries of one layer's heads, or NULL. */
static inline const bool *run_heads_off(Run run, int layer, int heads) {
    return run.heads_off ? run.heads_off + (size_t)layer * (size_t)heads : NULL;
}

/* The mask of one layer; `own` is the model's. */
static inline Mask run_mask(Run run, int layer, Mask own) {
    return run.unmasked && run.unmasked[layer] ? own : run.mask;
}

/* q, k and v of that layer need not be computed. */
static inline bool run_knows_qkv(Run run, int layer) {
    return run.known && layer <= run.from;
}

struct Trace {
    int n, layers, heads, width, inner_width; /* n tokens */
    const char *const *tokens;                /* [n] what each token is called; borrowed; NULL when nobody named them */
    bool norm_first;                          /* what the parts below are: a block that norms before (GPT), or after */
    Mat word, position,
        segment; /* (n, width) the three embeddings, as looked up; a part that a model has not is zero */
    Mat *hidden; /* [layers + 1] (n, width): what layer 0 reads (norm after: the normalised sum of the embeddings), then
                    each layer's output; norm first: the last one comes after the model's last norm */
    Attention *attention; /* [layers] q, k, v (n, width) as they met (turned by RoPE, ...), and the mask, scale and bias
                             of that pass: a map under another mask is computed from it with the mask changed */
    Mat *maps;            /* [layers] (heads * n, n): see attention_map */
    Mat *context;         /* [layers] (n, width): the weighted values, before the layer that mixes the heads */
    Mat *attended;        /* [layers] (n, width): after attention was added; norm after: and normalised */
    Mat *inner;           /* [layers] (n, inner_width): the feed-forward activity, after the activation */
    Mat bias;             /* of all layers' attention; data NULL: none */
    Mat scratch;          /* (n, width): room for sums on their way to a norm; means nothing afterwards */
};

/* Room for one sentence of n tokens; every matrix is zero. EXIT_ENVIRONMENT when that is more than the machine has. You
 * free it. */
Trace trace_new(int n, int layers, int heads, int width, int inner_width);
void trace_free(Trace *trace);

Mat trace_map(const Trace *trace, int layer, int head); /* (n, n), a view */

/* The same layer's maps (heads * n, n) under another mask, from the attention that is there: mask scope "head". Where q
 * and k are not known (a file of maps), the weights that the mask leaves are divided by their sum, which is the same as
 * long as it forbids more, not less. You free it. */
Mat trace_maps_under(const Trace *trace, int layer, Mask mask);

/* ---- for the models that fill a Trace ---- */

/* Fail with EXIT_DATA when there is no token, or more than `context`, or one that is not below vocab, or of a segment
 * that is not below `kinds`. ids, types [trace->n]. */
void trace_check_input(const Trace *trace, const int *ids, int vocab, int context);
void trace_check_types(const Trace *trace, const int *types, int kinds);

/* Copies what the run knows of a layer. True when that is all of it: nothing is left to compute there. */
bool trace_take(Trace *trace, Run run, int layer);

/* context (n, heads * d_head), the columns of heads that are off [heads] become 0. */
void trace_silence(Mat context, int heads, const bool *off);

/* ---- does it look right? ---- */

/* What every row of a sound map obeys: it sums to 1, or to 0 where the mask allows nothing. Fails with EXIT_DATA,
 * naming layer, head and token, when a sum is further than 1e-4 away or not a number. Warns loudly when all heads look
 * at everything equally, which is what a model looks like whose weights were not loaded. */
void trace_check(const Trace *trace, Mask mask, const char *model);
#endif
