/* trace - everything that one forward pass leaves behind. Pictures, metrics and pages only read it, so a new model
 * that fills a Trace gets all of them for nothing. Filled by bert_forward; read in stages 17 to 20. */
#ifndef MODEL_TRACE_H
#define MODEL_TRACE_H
#include "attention/mask.h"
#include "math/mat.h"

typedef struct {
    int n, layers, heads, width, inner_width; /* n tokens */
    const char *const *tokens;                /* [n] what each token is called; borrowed; NULL when nobody named them */
    Mat word, position, segment;              /* (n, width) the three embeddings, as looked up */
    Mat *hidden;    /* [layers + 1] (n, width): the normalised sum of the embeddings, then each layer's output */
    Mat *q, *k, *v; /* [layers] (n, width); head h is columns h * width / heads and on */
    Mat *maps;      /* [layers] (heads * n, n): see attention_map */
    Mat *context;   /* [layers] (n, width): the weighted values, before the layer that mixes the heads */
    Mat *attended;  /* [layers] (n, width): after the first Add & Norm */
    Mat *inner;     /* [layers] (n, inner_width): the feed-forward activity, after the activation */
    Mat scratch;    /* (n, width): room for sums on their way to a norm; means nothing afterwards */
} Trace;

/* Room for one sentence of n tokens; every matrix is zero. You free it. */
Trace trace_new(int n, int layers, int heads, int width, int inner_width);
void trace_free(Trace *trace);

Mat trace_map(const Trace *trace, int layer, int head); /* (n, n), a view */

/* The same layer's maps (heads * n, n) under another mask, from the q and k that are there: mask scope "head". You
 * free it. */
Mat trace_maps_under(const Trace *trace, int layer, Mask mask);

/* What every row of a sound map obeys: it sums to 1, or to 0 where the mask allows nothing. Fails with EXIT_DATA,
 * naming layer, head and token, when a sum is further than 1e-4 away or not a number. Warns loudly when all heads look
 * at everything equally, which is what a model looks like whose weights were not loaded. */
void trace_check(const Trace *trace, Mask mask, const char *model);
#endif
