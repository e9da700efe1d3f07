#include "text/tokenizer_folder.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/memory.h"
#include "text/scan.h"
#include "text/utf8.h"
#include "text/vocab_json.h"

#include <string.h>
#include <unistd.h>

/* ---- config.json ---- */

const char *tokenizer_said(const char *path, const json_t *config) {
    static const char *const known[] = {"", "char", "word", "bpe"};
    const char *said = json_text(path, json_object_get(config, "headlight"), "tokens", "");
    for (int i = 0; i < 4; i++)
        if (strcmp(said, known[i]) == 0) return known[i];
    fail(EXIT_DATA, "%s: tokens is \"%.80s\" (expected char, word or bpe)", path, said);
}

/* *family: the model_type that it names, if it is one of these: a GPT has a vocab.json and never a vocab.txt, a BERT
 * the other way round. */
typedef enum { UNSAID, GPT, BERT } Family;

static const char *tokens_in_config(const char *folder, Family *family) {
    if (!folder_has(folder, "config.json")) return "";
    char *path = path_join(folder, "config.json");
    json_t *json = json_read(path);
    const char *said = tokenizer_said(path, json);
    const char *type = json_string_value(json_object_get(json, "model_type"));
    if (type && strcmp(type, "gpt2") == 0) *family = GPT;
    if (type && strcmp(type, "bert") == 0) *family = BERT;
    json_decref(json);
    memory_free(path);
    return said;
}

/* ---- vocab.json ---- */

static Vocab read_vocab(const char *path) {
    Vocab vocab = vocab_json_read(path);
    for (int id = 0; id < vocab.count; id++)
        if (vocab.length[id] == 0) fail(EXIT_DATA, "%s: token %d is empty (expected a character or a word)", path, id);
    return vocab;
}

/* The first token that is neither one character nor a marker; -1 when all are. */
static int first_word(const Vocab *vocab) {
    for (int id = 0; id < vocab->count; id++)
        if (!vocab_is_marker(vocab, id) && utf8_count(vocab_token(vocab, id), vocab->length[id]) != 1) return id;
    return -1;
}

static TokenizerKind vocab_json(const char *folder, const char *said, Vocab *vocab) {
    char *path = path_join(folder, "vocab.json");
    if (access(path, F_OK) != 0)
        fail(EXIT_ENVIRONMENT, "%s: no vocab.json here. Try: all files that came with the model", folder);
    *vocab = read_vocab(path);
    int word = first_word(vocab);
    if (word >= 0 && strcmp(said, "char") == 0)
        fail(EXIT_DATA, "%s: token %d is \"%.80s\" (expected a character, as config.json says that tokens are)", path,
             word, vocab_token(vocab, word));
    memory_free(path);
    return word >= 0 || strcmp(said, "word") == 0 ? TOKENIZER_WORDS : TOKENIZER_CHARACTERS;
}

/* ---- tokenizer.json ---- */

/* model.type; files of 2020 have none, and then merges tell. */
static bool model_is_bpe(Scan *scan) {
    bool typed = false, bpe = false;
    for (ScanObject model = scan_object(scan); !typed && scan_key(scan, &model);) {
        typed = strcmp(model.key, "type") == 0 && scan_peek(scan) == '"';
        if (typed) {
            bpe = strcmp(scan_text(scan), "BPE") == 0;
        } else {
            bpe = bpe || strcmp(model.key, "merges") == 0;
            scan_skip(scan);
        }
    }
    return bpe;
}

static bool tokenizer_json_is_bpe(const char *folder) {
    char *path = path_join(folder, "tokenizer.json");
    Bytes file = json_bytes(path);
    vocab_refuse_strangers(path, file.data, file.size);
    size_t mark = bytes_mark(NULL, file.data, file.size);
    Scan scan = scan_begin(path, (const unsigned char *)file.data + mark, file.size - mark);
    bool found = false, bpe = false;
    for (ScanObject root = scan_object(&scan); !found && scan_key(&scan, &root);) {
        found = strcmp(root.key, "model") == 0 && scan_peek(&scan) == '{';
        if (found) bpe = model_is_bpe(&scan);
        else scan_skip(&scan);
    }
    scan_drop(&scan);
    bytes_free(&file);
    memory_free(path);
    return bpe;
}

/* ---- the folder ---- */

TokenizerKind tokenizer_folder_kind(const char *folder, Vocab *vocab) {
    folder_of_model(folder);
    Family family = UNSAID;
    const char *said = tokens_in_config(folder, &family);
    if (strcmp(said, "bpe") == 0) return TOKENIZER_BPE;
    if (*said) return vocab_json(folder, said, vocab);
    if (folder_has(folder, "vocab.txt")) return TOKENIZER_WORDPIECE;
    if (folder_has(folder, "vocab.bpe") || folder_has(folder, "merges.txt")) return TOKENIZER_BPE;
    if (folder_has(folder, "tokenizer.json"))
        return tokenizer_json_is_bpe(folder) ? TOKENIZER_BPE : TOKENIZER_WORDPIECE;
    bool list = folder_has(folder, "vocab.json");
    if (family == BERT && list)
        fail(EXIT_DATA,
             "%s: a BERT, but its only vocabulary is vocab.json (expected vocab.txt or tokenizer.json). Try: the files "
             "that came with the model",
             folder);
    if (family == GPT || list) return vocab_json(folder, "", vocab);
    return TOKENIZER_WORDPIECE; /* wordpiece_load says what is missing */
}
