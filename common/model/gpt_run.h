/* gpt_run - one text through a GPT: whole, with all that happens on the way kept; or as it grows, with the keys and
 * values of earlier tokens kept so that a new one costs one row. Told in stages/16_sampling. */
#ifndef MODEL_GPT_RUN_H
#define MODEL_GPT_RUN_H
#include "base/workers.h"
#include "model/gpt.h"
#include "model/trace.h"

/* A Trace with room for n tokens, and one pass that fills all of it. Fails with EXIT_DATA when an id or the length is
 * beyond the model's tables. */
Trace gpt_trace_new(const Gpt *gpt, int n);
void gpt_trace(const Gpt *gpt, Workers *workers, const int *ids, Run run, Trace *trace);

/* logits (n, V) of what comes after each token of a finished trace. You free them. */
Mat gpt_logits(const Gpt *gpt, Workers *workers, const Trace *trace);

/* The key-value cache: what earlier tokens leave for later ones. The work for one more token grows with their number,
 * not with its square. */
typedef struct {
    Mat *k, *v;                                             /* [layers] (room, C) */
    int n, room;                                            /* tokens read, and how many there may be */
    Mat stream, output, q, context, middle, inner, scratch; /* (rows, C); inner (rows, inner) */
    float *maps;                                            /* [heads * rows * room] */
    int rows;                                               /* so many are read at a time */
} GptCache;
GptCache gpt_cache_new(const Gpt *gpt, int room);
void gpt_cache_free(GptCache *cache, const Gpt *gpt);

/* Reads n more tokens, many in one pass, so that a prompt does not read the weights again for each of them; logits [V]
 * of what comes after the last one, or NULL: not wanted. Equal to the last row of a full pass under the same mask, if
 * no token sees a later one but inside the prefix, and the prefix (of a text that is as long) is read in one call.
 * cache->n + n <= cache->room (asserted). */
void gpt_read(const Gpt *gpt, Workers *workers, GptCache *cache, const int *ids, int n, Mask mask, float *logits);
#endif
