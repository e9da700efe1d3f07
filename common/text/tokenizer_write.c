/* A tokenizer's files. Declared in tokenizer.h. */
#include "base/error.h"
#include "base/json.h"
#include "text/tokenizer.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

/* The reader has names that end with a 0, each once; BPE spells all bytes, and has been asked about its twins. */
static void check_token(const Tokenizer *t, const char *path, const String *token, int id) {
    if (memchr(token->text, 0, token->length))
        fail(EXIT_DATA, "%s: token %d holds a byte that is 0 (expected a text). Try: --tokens bpe", path, id);
    if (tokenizer_kind(t) != TOKENIZER_BPE && tokenizer_find(t, token->text, token->length) != id)
        fail(EXIT_DATA, "%s: '%.80s' is there twice (expected each token once)", path, token->text);
}

static void write_vocab(const Tokenizer *t, const char *folder, const char *name) {
    char *path = path_join(folder, name);
    String text = {0}, token = {0};
    for (int id = 0; id < tokenizer_count(t); id++, token.length = 0) {
        tokenizer_token(t, id, &token);
        check_token(t, path, &token, id);
        string_add(&text, id ? ", " : "{");
        json_add_text(&text, token.text, token.length);
        string_add(&text, ": %d", id);
    }
    string_add(&text, "}\n");
    if (text.length > JSON_MOST_BYTES)
        fail(EXIT_DATA, "%s: %d tokens take %zu bytes (expected at most %d). Try: --tokens bpe", path,
             tokenizer_count(t), text.length, JSON_MOST_BYTES);
    file_save(path, text.text, text.length);
    string_free(&text), string_free(&token), memory_free(path);
}

/* Files of GPT-2's form name tokens by their bytes, so that no two may share them. */
static void write_merges(const Tokenizer *t, const char *folder) {
    const Bpe *bpe = tokenizer_bpe(t);
    if (bpe->vocab.distinct != bpe->vocab.count)
        fail(EXIT_DATA,
             "%s: %d of %d tokens stand for the same bytes as another (expected each once). Try: the "
             "LEFT RIGHT COUNT form, which names tokens by id",
             folder, bpe->vocab.count - bpe->vocab.distinct, bpe->vocab.count);
    char *path = path_join(folder, "vocab.bpe");
    String text = {0};
    string_add(&text, "#version: 0.2\n");
    for (int rank = 0; rank < bpe->merges; rank++) {
        tokenizer_token(t, bpe->merge[rank].left, &text);
        string_add(&text, " ");
        tokenizer_token(t, bpe->merge[rank].right, &text);
        string_add(&text, "\n");
    }
    file_save(path, text.text, text.length);
    string_free(&text), memory_free(path);
}

/* What another kind has left. It may be missing, and it may stay: config.json decides. */
static void remove_file(const char *folder, const char *name) {
    char *path = path_join(folder, name);
    unlink(path);
    memory_free(path);
}

void tokenizer_save(const Tokenizer *t, const char *folder) {
    assert(tokenizer_kind(t) != TOKENIZER_WORDPIECE);
    bool pairs = tokenizer_kind(t) == TOKENIZER_BPE;
    if (pairs) write_merges(t, folder), write_vocab(t, folder, "encoder.json");
    write_vocab(t, folder, "vocab.json");
    if (!pairs) remove_file(folder, "vocab.bpe"), remove_file(folder, "encoder.json");
}
