#include "base/error.h"
#include "base/json.h"
#include "text/bpe_files.h"
#include "text/bpe_names.h"

#include <string.h>

void bpe_spell(const Bpe *bpe, int id, String *out) {
    const char *token = vocab_token(&bpe->vocab, id);
    if (added_tokens_have(&bpe->special, id)) string_add_bytes(out, token, bpe->vocab.length[id]);
    else bpe_name_add(out, token, bpe->vocab.length[id]);
}

static void add_quoted(String *out, const Bpe *bpe, int id) {
    String name = {0};
    bpe_spell(bpe, id, &name);
    json_add_text(out, name.text, name.length);
    string_free(&name);
}

static void add_vocab(String *out, const Bpe *bpe) {
    string_add(out, "{");
    for (int id = 0; id < bpe->vocab.count; id++) {
        if (id) string_add(out, ", ");
        add_quoted(out, bpe, id);
        string_add(out, ": %d", id);
    }
    string_add(out, "}");
}

/* Both forms name tokens by their bytes, so that no two may share them. */
static void need_distinct(const Bpe *bpe, const char *path) {
    if (bpe->vocab.distinct != bpe->vocab.count)
        fail(EXIT_DATA,
             "%s: %d of %d tokens stand for the same bytes as another (expected each once). Try: the "
             "LEFT RIGHT COUNT form, which names tokens by id",
             path, bpe->vocab.count - bpe->vocab.distinct, bpe->vocab.count);
}

static void write_file(const char *path, String *text) {
    FileWriter writer = file_create(path);
    file_write(&writer, text->text, text->length);
    file_commit(&writer);
    string_free(text);
}

void bpe_write_merges(const Bpe *bpe, const char *path) {
    String text = {0};
    string_add(&text, "%s", "");
    for (int byte = 0; byte < 256; byte++)
        if (bpe->byte_id[byte] != byte)
            fail(EXIT_DATA, "%s: byte %d has the id %d (expected the byte itself in this form)", path, byte,
                 bpe->byte_id[byte]);
    for (int rank = 0; rank < bpe->merges; rank++) {
        const BpeMerge *merge = &bpe->merge[rank];
        if (merge->made != 256 + rank)
            fail(EXIT_DATA, "%s: merge %d makes id %d (expected %d in this form)", path, rank, merge->made, 256 + rank);
        string_add(&text, "%d %d %zu\n", merge->left, merge->right, bpe->count[rank]);
    }
    write_file(path, &text);
}

void bpe_write_gpt2(const Bpe *bpe, const char *folder) {
    char *merges = path_join(folder, "vocab.bpe"), *vocab = path_join(folder, "encoder.json");
    need_distinct(bpe, folder);
    String text = {0};
    string_add(&text, "#version: 0.2\n");
    for (int rank = 0; rank < bpe->merges; rank++) {
        bpe_spell(bpe, bpe->merge[rank].left, &text);
        string_add(&text, " ");
        bpe_spell(bpe, bpe->merge[rank].right, &text);
        string_add(&text, "\n");
    }
    write_file(merges, &text);
    add_vocab(&text, bpe);
    write_file(vocab, &text);
    memory_free(merges);
    memory_free(vocab);
}

void bpe_write_json(const Bpe *bpe, const char *path) {
    need_distinct(bpe, path);
    String text = {0};
    string_add(&text, "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"added_tokens\": [");
    for (int i = 0; i < bpe->special.texts.count; i++) {
        int id = bpe->special.token[i].id;
        string_add(&text, "%s{\"id\": %d, \"content\": ", i ? ", " : "", id);
        add_quoted(&text, bpe, id);
        string_add(&text, ", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, "
                          "\"special\": true}");
    }
    const char *level =
        "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": true}";
    string_add(&text, "], \"normalizer\": null, \"pre_tokenizer\": %s, \"post_processor\": null, \"decoder\": %s,\n",
               level, level);
    string_add(&text, "\"model\": {\"type\": \"BPE\", \"dropout\": null, \"unk_token\": null, "
                      "\"continuing_subword_prefix\": null, \"end_of_word_suffix\": null, \"fuse_unk\": false, "
                      "\"byte_fallback\": false, \"ignore_merges\": false, \"vocab\": ");
    add_vocab(&text, bpe);
    string_add(&text, ",\n\"merges\": [");
    for (int rank = 0; rank < bpe->merges; rank++) {
        string_add(&text, rank ? ", [" : "[");
        add_quoted(&text, bpe, bpe->merge[rank].left);
        string_add(&text, ", ");
        add_quoted(&text, bpe, bpe->merge[rank].right);
        string_add(&text, "]");
    }
    string_add(&text, "]}}\n");
    write_file(path, &text);
}
