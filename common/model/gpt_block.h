/* gpt_block - the parts of one block that a whole pass, a single step and a trace share. For model/gpt_*.c only. */
#ifndef MODEL_GPT_BLOCK_H
#define MODEL_GPT_BLOCK_H
#include "model/gpt.h"

static const float GPT_ROPE_BASE = 10000;

static inline LayerNorm gpt_norm(const Gpt *gpt, const float *gain, const float *bias) {
    return (LayerNorm){gain, bias, gpt->config.norm_eps};
}

/* x (n, C) = the words' rows, and their places' for positions first, first + 1, ... */
void gpt_embed(const Gpt *gpt, Mat x, const int *ids, int first);

/* One head's map (n, m) from q (n, d) and k (m, d). keys [n] are the ranges outside which a query sees nothing, or
 * NULL; whole says that it sees everything inside. Otherwise the mask is asked. */
void gpt_map(const Gpt *gpt, Mat map, Mat q, Mat k, int head, Mask mask, const RowRange *keys, bool whole);
float gpt_scale(const Gpt *gpt); /* 1 / sqrt(d_head), or 1 */
#endif
