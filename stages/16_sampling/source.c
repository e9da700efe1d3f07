/* source - where the logits come from: a model that stage 15 has saved, or, without one, a count of what followed the
 * same few tokens in the story. Either way a text becomes ids here, and ids a text. */
#include "base/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "lesson.h"
#include "model/gpt_files.h"
#include "text/bpe_files.h"
#include "text/course_text.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"
#include "text/vocab_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- 1. Text to ids and back ---- */

static void refuse_bytes(const char *name, const char *text, size_t size) {
    size_t bad = utf8_first_invalid(text, size);
    if (bad < size) fail(EXIT_DATA, "%s: byte %zu is no UTF-8 (expected a text). Try: iconv -t UTF-8", name, bad);
}

static int known_id(const Source *s, const char *what, const char *text, size_t at, size_t length) {
    int id = vocab_id(&s->vocab, text + at, length);
    char quoted[80], *token;
    if (id >= 0) return id;
    token = text_copy(text + at, length < 30 ? length : 30);
    error_quote(quoted, sizeof quoted, token);
    memory_free(token);
    fail(EXIT_DATA, "TEXT: the %s \"%s\" at byte %zu is not in the vocabulary (expected one of %d). Try: another word",
         what, quoted, at, s->vocab.count);
}

static Ids encode_characters(const Source *s, const char *text, size_t size) {
    Ids ids = {0};
    int length;
    for (size_t at = 0; at < size; at += (size_t)length) {
        utf8_decode(text + at, size - at, &length);
        ids_add(&ids, known_id(s, "character", text, at, (size_t)length));
    }
    return ids;
}

static Ids encode_words(const Source *s, const char *text, size_t size) {
    TextSpans spans = {0};
    regex_split(text, size, &spans);
    Ids ids = {0};
    for (size_t i = 0; i < spans.n; i++)
        ids_add(&ids, known_id(s, "word", text, spans.at[i].first, spans.at[i].end - spans.at[i].first));
    text_spans_free(&spans);
    return ids;
}

Ids source_encode(const Source *s, const char *text, size_t size) {
    Ids ids = {0};
    refuse_bytes("TEXT", text, size);
    if (size > INT32_MAX / 2) fail(EXIT_DATA, "TEXT: %zu bytes (expected at most 1 GB)", size);
    if (s->kind == TOKENS_BPE) bpe_encode(&s->bpe, text, size, &ids);
    else ids = s->kind == TOKENS_WORDS ? encode_words(s, text, size) : encode_characters(s, text, size);
    if (ids.n > 0) return ids;
    int line = s->kind == TOKENS_BPE ? s->bpe.byte_id['\n'] : vocab_id(&s->vocab, "\n", 1);
    ids_add(&ids, line < 0 ? 0 : line); /* an empty prompt: a new line, or whatever comes first */
    return ids;
}

char *source_decode(const Source *s, const int *ids, size_t n) {
    String text = {0};
    string_add(&text, "%s", "");
    if (s->kind == TOKENS_BPE) bpe_decode(&s->bpe, ids, n, &text);
    if (s->kind == TOKENS_WORDS) regex_decode(&s->vocab, REGEX_V1, ids, n, &text);
    for (size_t i = 0; i < n && s->kind == TOKENS_CHARACTERS; i++)
        string_add_bytes(&text, vocab_token(&s->vocab, ids[i]), s->vocab.length[ids[i]]);
    return text.text;
}

int source_vocab(const Source *s) {
    return s->kind == TOKENS_BPE ? s->bpe.vocab.count : s->vocab.count;
}

/* ---- 2. Counting ---- */

static void count_story(Source *s, int order) {
    int length;
    s->order = order;
    for (size_t at = 0; at < s->story.size; at += (size_t)length) {
        utf8_decode(s->story.data + at, s->story.size - at, &length);
        if (vocab_id(&s->vocab, s->story.data + at, (size_t)length) < 0)
            vocab_add(&s->vocab, s->story.data + at, (size_t)length);
    }
    s->counted = encode_characters(s, s->story.data, s->story.size);
    s->name = text_format("counts of what followed the last %d characters in %s", order, s->story_name);
}

/* Looks back as many tokens as the story has seen in a row; a token that never followed gets a thousandth of a count,
 * so that nothing is impossible. */
void count_logits(const Source *s, const int *ids, size_t n, float *logits) {
    int vocab = source_vocab(s), found = 0;
    for (size_t most = (size_t)s->order, order = n < most ? n : most; found == 0; order--) {
        for (int i = 0; i < vocab; i++) logits[i] = 0;
        for (size_t end = order; end < s->counted.n; end++) {
            const int *before = s->counted.at + end - order, *last = ids + n - order;
            if (memcmp(before, last, order * sizeof *last) == 0) logits[s->counted.at[end]]++, found++;
        }
    }
    for (int i = 0; i < vocab; i++) logits[i] = logf(logits[i] + 0.001f);
}

/* ---- 3. A model's folder ---- */

static bool is_there(const char *folder, const char *file) {
    char *path = path_join(folder, file);
    bool there = file_exists(path);
    memory_free(path);
    return there;
}

/* vocab.json: {"token": id}. Characters when every token is one, else words. */
static void read_vocab(Source *s, const char *folder) {
    char *path = path_join(folder, "vocab.json");
    s->vocab = vocab_json_read(path);
    for (int id = 0; id < s->vocab.count; id++)
        if (s->vocab.length[id] == 0)
            fail(EXIT_DATA, "%s: token %d is empty (expected a character or a word)", path, id);
        else if (utf8_count(vocab_token(&s->vocab, id), s->vocab.length[id]) != 1) s->kind = TOKENS_WORDS;
    memory_free(path);
}

static void read_model(Source *s, const char *folder) {
    if (is_there(folder, "vocab.bpe") || is_there(folder, "merges.txt") || is_there(folder, "tokenizer.json"))
        s->kind = TOKENS_BPE;
    s->gpt = gpt_load(folder);
    s->mask = s->gpt.trained.rule;
    if (s->kind == TOKENS_BPE) s->bpe = bpe_load(folder);
    else read_vocab(s, folder);
    const GptConfig *c = &s->gpt.config;
    if (!s->mask.causal)
        fail(EXIT_DATA,
             "%s: this model was trained to see what comes later, so it cannot write (expected a causal mask). "
             "Try: 15_training --objective next",
             folder);
    if (source_vocab(s) != c->vocab)
        fail(EXIT_DATA, "%s: the vocabulary has %d tokens, the model %d (expected as many). Try: save both again",
             folder, source_vocab(s), c->vocab);
    static const char *const kinds[] = {"characters", "words", "BPE tokens"};
    s->name = text_format("%s: %d block%s of width %d, %d heads, context %d, %d %s", folder, c->layers,
                          c->layers == 1 ? "" : "s", c->width, c->heads, c->context, c->vocab, kinds[s->kind]);
}

/* A model of words glues them in its own way, so the story that it is compared with is glued like that, too. */
static void glue_story(Source *s) {
    TextSpans spans = {0};
    Ids ids = {0};
    String glued = {0};
    regex_split(s->story.data, s->story.size, &spans);
    Vocab vocab = regex_vocab(s->story.data, &spans, false);
    regex_encode(&vocab, REGEX_V1, s->story.data, s->story.size, &ids);
    regex_decode(&vocab, REGEX_V1, ids.at, ids.n, &glued);
    bytes_free(&s->story);
    s->story = (Bytes){glued.text, glued.length};
    vocab_free(&vocab), ids_free(&ids), text_spans_free(&spans);
}

/* ---- 4. All of it ---- */

static void read_story(Source *s, const char *file) {
    s->story_name = course_text_path(file);
    s->story = file_read(s->story_name);
    refuse_bytes(s->story_name, s->story.data, s->story.size);
    if (s->story.size == 0) fail(EXIT_DATA, "%s: the story is empty (expected a text)", s->story_name);
    if (s->story.size > INT32_MAX / 2)
        fail(EXIT_DATA, "%s: %zu bytes (expected at most 1 GB)", s->story_name, s->story.size);
}

/* A model of characters that has never seen one of the story's was learnt from another text. */
static void compare_alphabets(const Source *s) {
    int length;
    for (size_t at = 0; at < s->story.size; at += (size_t)length) {
        utf8_decode(s->story.data + at, s->story.size - at, &length);
        if (vocab_id(&s->vocab, s->story.data + at, (size_t)length) >= 0) continue;
        note("the model does not know \"%.*s\" of %s, so it was learnt from another text, and copies of that one are "
             "not "
             "found. Try: --data FILE",
             length, s->story.data + at, s->story_name);
        return;
    }
}

Source source_open(const Choices *ask) {
    Source s = {.mask = {.causal = true}};
    bool compares = !ask->print && !ask->common.time;
    if (ask->model) read_model(&s, ask->model);
    if (!ask->model || compares) read_story(&s, ask->data);
    if (!ask->model) count_story(&s, ask->counts);
    if (ask->model && compares && s.kind == TOKENS_CHARACTERS) compare_alphabets(&s);
    if (s.kind == TOKENS_WORDS && compares) glue_story(&s);
    if (compares) s.copies = substrings_new(s.story.data, s.story.size);
    return s;
}

void source_free(Source *s) {
    memory_free(s->name), memory_free(s->counted.at);
    bytes_free(&s->story), substrings_free(&s->copies);
    vocab_free(&s->vocab), bpe_free(&s->bpe);
    if (s->gpt.count) gpt_free(&s->gpt);
}
