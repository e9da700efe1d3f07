/* config - config.json of a BERT: how many layers, heads and dimensions the weights beside it have. */
#ifndef WEIGHTS_CONFIG_H
#define WEIGHTS_CONFIG_H
#include "base/json.h"
#include "math/activation.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    int layers;            /* num_hidden_layers, 1..1024 */
    int heads;             /* num_attention_heads, 1..1024; divides width */
    int width;             /* hidden_size H, 1..65536 */
    int inner;             /* intermediate_size, the feed-forward block's, 1..2^20 */
    int vocab;             /* vocab_size V, 1..2^24 */
    int positions;         /* max_position_embeddings: the longest text in tokens, 1..2^20 */
    int types;             /* type_vocab_size: kinds of segment, 1..1024; default 2 */
    float norm_eps;        /* layer_norm_eps, above 0, at most 1; default 1e-12 */
    Activation activation; /* hidden_act: gelu, gelu_new (and its other names) or relu; default gelu */
    bool has_tied_decoder; /* tie_word_embeddings: the output words are the input words; default true */
} BertConfig;

/* Reads folder/config.json. A missing folder or file is EXIT_ENVIRONMENT. EXIT_DATA, naming key, value and what is
 * allowed: a missing or senseless number, heads that do not divide the width, relative positions, a decoder, pruned
 * or quantized weights; and any family but BERT, by its name and with what to do instead. */
BertConfig bert_config_read(const char *folder);

/* The same on the text of a config.json; `name` stands for the path in messages. */
BertConfig bert_config_parse(const char *name, const char *text, size_t size);

/* Whether a configuration is a GPT-2's: by model_type, else by the first of architectures; the oldest have neither, but
 * n_embd. */
bool config_is_gpt2(const json_t *config);

/* The curve that `key` names, `usual` when it is not there; another name is EXIT_DATA. gelu_fast, gelu_accurate and
 * gelu_python_tanh are other names of gelu_new. */
Activation config_activation(const char *file, const json_t *config, const char *key, const char *usual);

/* The name of a curve that such a key can have: gelu, gelu_new or relu. */
const char *config_activation_name(Activation activation);
#endif
