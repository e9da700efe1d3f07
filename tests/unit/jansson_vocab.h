/* A vocabulary as jansson reads it, entry by entry of its tree: what text/vocab_json must come to, from a
 * tokenizer.json (inside: model.vocab) or a file of its own. Fails, as base/error does, where the file is to be
 * refused. */
#ifndef TESTS_JANSSON_VOCAB_H
#define TESTS_JANSSON_VOCAB_H
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/vocab.h"
#include <string.h>

static inline Vocab vocab_of_tree(const json_t *entries) {
    enum { MOST_HOLES = 1 << 16 };
    size_t room = json_object_size(entries) + MOST_HOLES, count = 0;
    const char **tokens = memory_new(room, sizeof *tokens, "a test"), *token;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)entries, token, value) {
        json_int_t id = json_is_integer(value) ? json_integer_value(value) : -1;
        if (id < 0 || id >= (json_int_t)room || tokens[id]) fail(EXIT_DATA, "no id");
        tokens[id] = token;
        if ((size_t)id >= count) count = (size_t)id + 1;
    }
    Vocab vocab = {0};
    for (size_t id = 0; id < count; id++)
        vocab_add(&vocab, tokens[id] ? tokens[id] : "", tokens[id] ? strlen(tokens[id]) : 0);
    memory_free(tokens);
    return vocab;
}

static inline Vocab jansson_vocab(const char *bytes, size_t size, bool inside) {
    json_t *root = json_parse("f", bytes, size);
    Vocab vocab = vocab_of_tree(inside ? json_object_get(json_object_get(root, "model"), "vocab") : root);
    json_decref(root);
    return vocab;
}

static inline bool same_vocab(const Vocab *a, const Vocab *b) {
    return a->count == b->count && a->used == b->used && (a->used == 0 || memcmp(a->bytes, b->bytes, a->used) == 0);
}
#endif
