/* gpt_files - a GPT's folder in Hugging Face's GPT-2 layout. Written by stages/15_training, read from 10 on. */
#ifndef MODEL_GPT_FILES_H
#define MODEL_GPT_FILES_H
#include "model/gpt.h"

/* Writes folder/config.json and folder/model.safetensors, in this order, each aside and renamed. Matrices of the blocks
 * are stored (in, out), as Conv1D wants them. transformers' GPT2LMHeadModel loads the result if positions are learned.
 * What GPT-2 has no key for (other positions, the mask, the kind of tokens) stands in config.json under "headlight". */
void gpt_save(const Gpt *gpt, const char *folder);

/* Reads such a folder: also GPT-2 itself, with or without `transformer.` in front of the names, F32, F16 or BF16, with
 * the buffers of old files (attn.bias, attn.masked_bias: ignored), and with a head of its own (lm_head.weight, when
 * tie_word_embeddings is false); a file that does not say was trained under a causal mask. Fails with EXIT_DATA or
 * EXIT_ENVIRONMENT and one line: a foreign or torn file, a shape that does not fit, a NaN. You free it. */
Gpt gpt_load(const char *folder);
#endif
