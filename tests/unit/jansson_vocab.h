/* A vocabulary as jansson reads it, entry by entry of its tree: what text/vocab_json must come to, from a
 * tokenizer.json (inside: model.vocab) or a file of its own. */
#ifndef TESTS_JANSSON_VOCAB_H
#define TESTS_JANSSON_VOCAB_H
#include "../catch.h"
#include "base/json.h"
#include "text/vocab_json.h"
#include <stdlib.h>
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

typedef struct {
    const char *bytes;
    size_t size;
    bool inside;
    Vocab vocab; /* out */
} VocabSource;

static inline void vocab_by_jansson(void *context) {
    VocabSource *source = context;
    vocab_refuse_strangers("f", source->bytes, source->size);
    json_t *root = json_parse("f", source->bytes, source->size);
    source->vocab = vocab_of_tree(source->inside ? json_object_get(json_object_get(root, "model"), "vocab") : root);
    json_decref(root);
    if (!source->inside && source->vocab.count == 0) fail(EXIT_DATA, "no tokens");
}

static inline void vocab_by_scanner(void *context) {
    VocabSource *source = context;
    if (!source->inside) {
        source->vocab = vocab_json_parse("f", source->bytes, source->size);
        return;
    }
    TokenIds tokens;
    json_t *rest = token_ids_cut("f", source->bytes, source->size, &tokens);
    bool there = json_is_object(json_object_get(json_object_get(rest, "model"), "vocab"));
    json_decref(rest);
    if (!there && tokens.count > 0) abort();
    source->vocab = token_ids_vocab("f", &tokens);
}

static inline bool same_vocab(const Vocab *a, const Vocab *b) {
    return a->count == b->count && a->used == b->used && (a->used == 0 || memcmp(a->bytes, b->bytes, a->used) == 0);
}

/* Whether the scanner takes the bytes. Aborts, with a line, where it comes to another verdict or vocabulary. */
static inline bool taken_as_by_jansson(const char *bytes, size_t size, bool inside) {
    Error ours, theirs;
    VocabSource a = {.bytes = bytes, .size = size, .inside = inside}, b = a;
    bool refused = error_catch(&ours, vocab_by_scanner, &a), refused_too = error_catch(&theirs, vocab_by_jansson, &b);
    bool same = refused == refused_too && (refused ? ours.code == EXIT_DATA : same_vocab(&a.vocab, &b.vocab));
    if (!same)
        fprintf(stderr, "%.*s\nscanner: %s, jansson: %s\n", (int)size, bytes, refused ? ours.message : "taken",
                refused_too ? theirs.message : "taken");
    if (!same) abort();
    if (!refused) vocab_free(&a.vocab), vocab_free(&b.vocab);
    return !refused;
}
#endif
