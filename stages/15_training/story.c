/* A text becomes ids, and ids become text again. */
#include "tool.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/bpe_files.h"
#include "text/bpe_names.h"
#include "text/bpe_train.h"
#include "text/course_text.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"
#include "text/vocab_tokens.h"
#include "text/windows.h"

#include <string.h>

/* ---- characters: every one that occurs is a token, in the order of its number ---- */

static Ids encode_characters(const Story *w, size_t first, size_t end) {
    Ids ids = {0};
    int length;
    for (size_t at = first; at < end; at += (size_t)length) {
        utf8_decode(w->bytes.data + at, end - at, &length);
        ids_add(&ids, vocab_id(&w->vocab, w->bytes.data + at, (size_t)length));
    }
    return ids;
}

/* ---- words: stage 02's, with a vocabulary of the whole text, so that none is unknown ---- */

static void encode_words(Story *w) {
    TextSpans spans = {0};
    regex_split(w->bytes.data, w->bytes.size, &spans);
    w->vocab = regex_vocab(w->bytes.data, &spans, false);
    for (size_t i = 0; i < spans.n; i++) {
        TextSpan s = spans.at[i];
        ids_add(s.first < w->split ? &w->train : &w->held,
                vocab_id(&w->vocab, w->bytes.data + s.first, s.end - s.first));
    }
    text_spans_free(&spans);
}

/* ---- BPE: stage 03's ---- */

static void learn_bpe(Story *w, int vocabulary) {
    BpeTraining training = bpe_train(NULL, w->bytes.data, w->split, (BpeTrainRules){.vocab_size = vocabulary});
    w->bpe = bpe_bytes();
    for (int i = 0; i < training.count; i++)
        bpe_merge(&w->bpe, training.merges[i].left, training.merges[i].right, -1, (size_t)training.merges[i].count);
    bpe_training_free(&training);
    for (int id = 0; id < w->bpe.vocab.count; id++)
        vocab_add(&w->vocab, vocab_token(&w->bpe.vocab, id), w->bpe.vocab.length[id]);
    bpe_encode(&w->bpe, w->bytes.data, w->split, &w->train);
    bpe_encode(&w->bpe, w->bytes.data + w->split, w->bytes.size - w->split, &w->held);
}

/* ---- all of it ---- */

static void read_text(Story *w, const char *path) {
    w->name = text_copy(path, strlen(path));
    w->bytes = file_read(path);
    size_t bad = utf8_first_invalid(w->bytes.data, w->bytes.size);
    if (bad < w->bytes.size)
        fail(EXIT_DATA, "%s: byte %zu is no UTF-8 (expected a text). Try: iconv -t UTF-8", path, bad);
    if (w->bytes.size == 0) fail(EXIT_DATA, "%s: the text is empty (expected some to learn from)", path);
    if (w->bytes.size > INT32_MAX / 2) fail(EXIT_DATA, "%s: %zu bytes (expected at most 1 GB)", path, w->bytes.size);
    w->split = split_offset(w->bytes.data, w->bytes.size, split_at(utf8_count(w->bytes.data, w->bytes.size), 0.9));
}

static void check_length(const Story *w, const char *what, size_t n, int context) {
    if (n <= (size_t)context)
        fail(EXIT_DATA,
             "%s: the part %s has %zu tokens (expected more than the context of %d). Try: a smaller --context", w->name,
             what, n, context);
}

static void add_mask(Story *w) {
    int id = vocab_add(&w->vocab, "[MASK]", 6);
    if (w->bpe.vocab.count == 0) return;
    vocab_add(&w->bpe.vocab, "[MASK]", 6);
    added_tokens_add(&w->bpe.special, "[MASK]", 6, (AddedToken){.id = id});
}

Story story_read(const Choices *ask) {
    Story w = {.tokens = ask->tokens};
    read_text(&w, course_text_path(ask->data));
    if (w.tokens == TOKENS_WORD) {
        encode_words(&w);
    } else if (w.tokens == TOKENS_BPE) {
        learn_bpe(&w, ask->vocabulary);
    } else {
        w.vocab = vocab_of_characters(w.bytes.data, w.bytes.size);
        w.train = encode_characters(&w, 0, w.split);
        w.held = encode_characters(&w, w.split, w.bytes.size);
    }
    check_length(&w, "to learn from", w.train.n, ask->plan.length);
    check_length(&w, "held back", w.held.n, ask->plan.length);
    if (ask->plan.masked) add_mask(&w);
    return w;
}

void story_free(Story *w) {
    memory_free(w->name), ids_free(&w->train), ids_free(&w->held);
    bytes_free(&w->bytes);
    vocab_free(&w->vocab);
    bpe_free(&w->bpe);
}

void story_add(const Story *w, int id, String *out) {
    if (w->tokens == TOKENS_WORD && out->length) string_add(out, " ");
    string_add_bytes(out, vocab_token(&w->vocab, id), w->vocab.length[id]);
}

/* ---- vocab.json ---- */

static void add_quoted(String *out, const char *bytes, size_t size) {
    string_add(out, "\"");
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '"' || c == '\\') string_add(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f) string_add(out, "\\u%04x", c);
        else string_add_bytes(out, bytes + i, 1);
    }
    string_add(out, "\"");
}

void story_save(const Story *w, const char *folder) {
    String text = {0};
    string_add(&text, "{");
    for (int id = 0; id < w->vocab.count; id++) {
        string_add(&text, id ? ", " : "");
        String name = {0};
        const char *token = vocab_token(&w->vocab, id);
        if (id < w->bpe.vocab.count) bpe_name_add(&name, token, w->vocab.length[id]); /* bytes, as GPT-2 writes them */
        else string_add_bytes(&name, token, w->vocab.length[id]);
        add_quoted(&text, name.text, name.length);
        string_add(&text, ": %d", id);
        string_free(&name);
    }
    string_add(&text, "}\n");
    char *path = path_join(folder, "vocab.json");
    FileWriter writer = file_create(path);
    file_write(&writer, text.text, text.length);
    file_commit(&writer);
    if (w->bpe.vocab.count) bpe_write_gpt2(&w->bpe, folder); /* the merges: without them nobody could encode */
    memory_free(path);
    string_free(&text);
}
