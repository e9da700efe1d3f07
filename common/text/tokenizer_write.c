/* A tokenizer's files. Declared in tokenizer.h. */
#include "base/error.h"
#include "base/json.h"
#include "text/bpe_files.h"
#include "text/tokenizer.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

/* The reader has names that end with a 0, each once; BPE spells all bytes, and bpe_write_gpt2 knows its own twins. */
static void check_token(const Tokenizer *t, const char *path, const String *token, int id) {
    char quoted[80];
    if (memchr(token->text, 0, token->length))
        fail(EXIT_DATA, "%s: token %d holds a byte that is 0 (expected a text). Try: --tokens bpe", path, id);
    if (tokenizer_kind(t) != TOKENIZER_BPE && tokenizer_find(t, token->text, token->length) != id)
        fail(EXIT_DATA, "%s: '%s' is there twice (expected each token once)", path,
             error_quote(quoted, sizeof quoted, token->text));
}

static void write_vocab(const Tokenizer *t, const char *path) {
    String text = {0};
    string_add(&text, "{");
    for (int id = 0; id < tokenizer_count(t); id++) {
        String token = {0};
        tokenizer_token(t, id, &token);
        check_token(t, path, &token, id);
        string_add(&text, id ? ", " : "");
        json_add_text(&text, token.text, token.length);
        string_add(&text, ": %d", id);
        string_free(&token);
    }
    string_add(&text, "}\n");
    if (text.length > JSON_MOST_BYTES)
        fail(EXIT_DATA, "%s: %d tokens take %zu bytes (expected at most %d). Try: --tokens bpe", path,
             tokenizer_count(t), text.length, JSON_MOST_BYTES);
    FileWriter writer = file_create(path);
    file_write(&writer, text.text, text.length);
    file_commit(&writer);
    string_free(&text);
}

/* What another kind has left. It may be missing, and it may stay: config.json decides. */
static void remove_file(const char *folder, const char *name) {
    char *path = path_join(folder, name);
    unlink(path);
    memory_free(path);
}

void tokenizer_save(const Tokenizer *t, const char *folder) {
    assert(tokenizer_kind(t) != TOKENIZER_WORDPIECE);
    char *path = path_join(folder, "vocab.json");
    if (tokenizer_kind(t) == TOKENIZER_BPE) bpe_write_gpt2(tokenizer_bpe(t), folder);
    write_vocab(t, path);
    if (tokenizer_kind(t) != TOKENIZER_BPE) remove_file(folder, "vocab.bpe"), remove_file(folder, "encoder.json");
    memory_free(path);
}
