/* vocab_json - the vocabulary inside a tokenizer.json: {"the": 1996, "##ing": 2075, ...}, 30,000 entries and more.
 *
 * Reading them through jansson costs 20 ms, more than the forward pass that follows, and a JSON value each. So the
 * object is read where it stands by a small strict scanner (1 ms), and jansson gets the file with {} in its place.
 * That is as safe as jansson alone: up to the cut both walk the same valid JSON, so the cut is exactly the value of
 * model.vocab; the object itself is held to JSON's grammar here; and the rest is held to it by jansson. Whatever is
 * unusual (a \u escape, a number that is no plain id) makes the scanner step back, and jansson reads everything. */
#ifndef TEXT_VOCAB_JSON_H
#define TEXT_VOCAB_JSON_H
#include "text/vocab.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    uint32_t start, length; /* of the token in bytes */
    int id;
} TokenId;

typedef struct {
    char *bytes; /* owned, as is entry */
    size_t used, room;
    TokenId *entry; /* in the order of the file */
    int count, slots;
} TokenIds;

/* Finds model.vocab in the text of a tokenizer.json and reads it: json[*begin..*end) is the object. False, with *out
 * empty, when it is not there or not plain; then nothing is known about the file. Fails only for lack of memory. */
bool token_ids_scan(TokenIds *out, const char *json, size_t size, size_t *begin, size_t *end);

/* The same from a parsed object. `path` is for messages. Fails with EXIT_DATA, naming the token, when an id is no
 * whole number from 0 to count - 1. You free it. */
TokenIds token_ids_from_json(const char *path, const json_t *vocab);

/* The vocabulary: ids must be 0..count-1, each once, no token twice, else EXIT_DATA naming the token. You free it. */
Vocab token_ids_vocab(const char *path, const TokenIds *tokens);

void token_ids_free(TokenIds *tokens);
#endif
