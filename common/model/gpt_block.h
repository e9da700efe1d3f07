/* gpt_block - one pre-norm block of a GPT on the rows of one text: the one telling of it that a whole pass, a prompt
 * and a single new token share. (Training has its own, gpt_pass, which keeps what the way back needs.) For
 * model/gpt_*.c, and for stages/12_multi_head, where it is told. */
#ifndef MODEL_GPT_BLOCK_H
#define MODEL_GPT_BLOCK_H
#include "attention/attention.h"
#include "model/gpt.h"

/* x (n, C) = the words' rows, and their places' for positions first, first + 1, ... */
void gpt_embed(const Gpt *gpt, Mat x, const int *ids, int first);

/* q or k (n, C) turned where the scheme does that (RoPE), first being row 0's position; `back`: a gradient. */
void gpt_turn(const GptConfig *config, Mat x, int first, bool back);

/* What a block of this model asks of attention: heads, mask, scale. q, k, v and bias are yours to add. */
Attention gpt_attention(const GptConfig *config, Mask mask);

/* The scheme's bias (heads, n + m - 1), as ALiBi has one, for n queries from position first on, m = first + n keys;
 * data NULL for other schemes. You free it. */
Mat gpt_bias(const GptConfig *config, int n, int first);

/* Where a block reads and writes. n rows are new; `first` tokens came before them. */
typedef struct {
    Mat input;                   /* (n, C) the stream */
    Attention attention;         /* q (n, C); k, v (first + n, C), whose last n rows are written here */
    bool knows_qkv;              /* those rows are there already */
    Mat maps;                    /* (heads * n, first + n) */
    Mat context, middle, output; /* (n, C): weighted values; the stream after attention, and after all of the block */
    Mat inner;                   /* (n, inner): after the activation */
    Mat scratch;                 /* (n, C) */
} GptBlock;

/* heads_off [heads]: these heads' values count nothing; NULL: all count. */
void gpt_block_forward(const Gpt *gpt, Workers *workers, int layer, const GptBlock *block, const bool *heads_off);
#endif
