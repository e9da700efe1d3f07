/* bert - BERT, the encoder: a sentence in, its Trace out. Told in stages/17_bert. Source: Devlin et al. 2018; post-
 * layer-norm blocks, learned positions. Checked against transformers' eager float32 within 1e-4.
 *
 * Takes model folders as they are found: tensor names with or without `bert.` in front, each as it comes, layer norms
 * called weight/bias or gamma/beta, F32, F16, BF16 or F64, a masked-language-model head with its own decoder or one
 * tied to the word embeddings, or none. Weights stay in the mapped file where they can: opening a model reads its table
 * of contents and nothing else.
 */
#ifndef MODEL_BERT_H
#define MODEL_BERT_H
#include "base/workers.h"
#include "math/layers.h"
#include "model/trace.h"
#include "weights/config.h"
#include "weights/safetensors.h"

typedef struct {
    Linear query, key, value; /* (width, width) */
    Linear mix;               /* (width, width): attention.output.dense, which mixes the heads */
    LayerNorm after_attention;
    Linear widen, narrow; /* (inner, width), (width, inner): the feed-forward block */
    LayerNorm after_feed_forward;
} BertLayer;

typedef struct {
    BertConfig config;
    Safetensors file;
    char *path;                              /* of the weights, for messages; owned */
    const Tensor *words, *positions, *types; /* embedding tables: only the rows of a sentence are read */
    LayerNorm embedding_norm;
    BertLayer *layers; /* [config.layers] */
    bool has_mlm;
    Linear mlm_transform; /* (width, width) */
    LayerNorm mlm_norm;
    const Tensor *mlm_decoder; /* (vocab, width): its own, or the word embeddings */
    float *mlm_bias;           /* [vocab] */
    size_t parameters;         /* numbers in the file */
    float **owned;             /* [owned_count] weights that had to be decoded or moved */
    int owned_count;
    bool allow_nonfinite;
} Bert;

/* Opens folder/config.json and folder/model.safetensors, and checks every shape against the configuration and every
 * weight that a forward pass reads for NaN and infinities (embedding rows when they are looked up). Fails with
 * EXIT_DATA or EXIT_ENVIRONMENT and one line; with allow_nonfinite, bad numbers only warn. You free it. */
Bert bert_load(const char *folder, Workers *workers, bool allow_nonfinite);
void bert_free(Bert *bert);
float *bert_own(Bert *bert, size_t count, const char *what); /* room for numbers, zeroed, that bert_free frees */

/* A Trace with room for n tokens of this model. */
Trace bert_trace_new(const Bert *bert, int n);

/* One pass: ids and types [trace->n] in, the whole trace filled. Fails with EXIT_DATA when an id, a type or the length
 * is beyond the model's tables. */
void bert_forward(const Bert *bert, Workers *workers, const int *ids, const int *types, Run run, Trace *trace);

/* The masked-language-model head's logits (n, vocab) for a finished trace; only when bert->has_mlm. Fails with
 * EXIT_DATA when the decoder has a bad number, unless allow_nonfinite. You free it. */
Mat bert_mlm_logits(const Bert *bert, Workers *workers, const Trace *trace);

/* For the files of this model: element `at` of a tensor is `value`, NaN or infinite. Fails with EXIT_DATA, or only
 * warns when allow_nonfinite. */
void bert_bad_number(const Bert *bert, const Tensor *tensor, size_t at, float value);
#endif
