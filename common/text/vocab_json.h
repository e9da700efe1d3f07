/* vocab_json - vocabularies in JSON, {"the": 1996, "##ing": 2075, ...}, 30,000 entries and more: a file of their own
 * (encoder.json, vocab.json), or model.vocab inside a tokenizer.json. They are read where they stand (text/scan): that
 * takes 1 ms where a tree of them took 20, more than the forward pass that follows. */
#ifndef TEXT_VOCAB_JSON_H
#define TEXT_VOCAB_JSON_H
#include "text/vocab.h"
#include <jansson.h>

/* A file that is one such object. Ids must be 0..count-1, each once, no token twice, else EXIT_DATA naming the token;
 * no tokens at all are EXIT_DATA, too. `path` is for messages. You free the result. */
Vocab vocab_json_read(const char *path);
Vocab vocab_json_parse(const char *path, const char *bytes, size_t size);

/* The entries of a vocabulary, not judged yet: what file a person has is better said before what is wrong in it. */
typedef struct {
    uint32_t start, length; /* of the token in bytes */
    int id;                 /* -1 where it is no whole number */
} TokenId;
typedef struct {
    char *bytes;    /* owned, as is entry */
    TokenId *entry; /* in the order of the file */
    int count;
    int odd;        /* the first entry with an id of -1, counted from 1; 0: none */
    char value[24]; /* and what it has instead */
} TokenIds;

/* A tokenizer.json: all of it but model.vocab, in whose place stands {}, as a tree, and the vocabulary in *tokens
 * (empty when model.vocab is no object). Both are held to JSON's grammar as base/json holds a file to it. Free them
 * with json_decref and token_ids_vocab. */
json_t *token_ids_cut(const char *path, const char *bytes, size_t size, TokenIds *tokens);

/* Judges and frees the entries; the vocabulary is as from vocab_json_parse, but may be empty. */
Vocab token_ids_vocab(const char *path, TokenIds *tokens);
#endif
