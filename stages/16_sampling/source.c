/* source - where the logits come from: a model that stage 15 has saved, or, without one, a count of what followed the
 * same few tokens in the story. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/plural.h"
#include "text/course_text.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"
#include "tool.h"

#include <math.h>
#include <string.h>

/* ---- 1. Text to ids ---- */

Ids source_encode(const Source *s, const char *text, size_t size) {
    Ids ids = {0};
    Encoding encoding = tokenizer_encode(s->tokenizer, text, size, NULL, 0);
    for (int i = 0; i < encoding.n; i++) ids_add(&ids, encoding.ids[i]);
    encoding_free(&encoding);
    if (ids.n > 0) return ids;
    int line = tokenizer_find(s->tokenizer, "\n", 1);
    ids_add(&ids, line < 0 ? 0 : line); /* an empty prompt: a new line, or whatever comes first */
    return ids;
}

/* ---- 2. Counting ---- */

static void count_story(Source *s, int order) {
    int length;
    Vocab vocab = {0};
    s->order = order;
    for (size_t at = 0; at < s->story.size; at += (size_t)length) {
        utf8_decode(s->story.data + at, s->story.size - at, &length);
        if (vocab_id(&vocab, s->story.data + at, (size_t)length) < 0)
            vocab_add(&vocab, s->story.data + at, (size_t)length);
    }
    s->tokenizer = tokenizer_new(TOKENIZER_CHARACTERS, vocab);
    s->counted = source_encode(s, s->story.data, s->story.size);
    s->name = text_format("counts of what followed the last %d characters in %s", order, s->story_name);
}

/* Looks back as many tokens as the story has seen in a row; a token that never followed gets a thousandth of a count,
 * so that nothing is impossible. */
void count_logits(const Source *s, const int *ids, size_t n, float *logits) {
    int vocab = tokenizer_count(s->tokenizer), found = 0;
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

static void read_model(Source *s, const char *folder, Workers *workers) {
    if (!file_exists(folder) && !folder_exists(folder))
        fail(EXIT_ENVIRONMENT,
             "%s: no such model folder. Try: 15_training --out DIR, which makes one, then --model DIR", folder);
    s->tokenizer = tokenizer_open(folder);
    s->model = model_open(folder, workers, false);
    s->gpt = model_gpt(s->model);
    if (!s->gpt)
        fail(EXIT_DATA, "%s: this is a BERT, which cannot write (expected model_type gpt2). Try: stage 17 for a BERT",
             folder);
    const GptConfig *c = &s->gpt->config;
    gpt_check_writes(s->gpt, folder);
    int tokens = tokenizer_count(s->tokenizer);
    if (tokens != c->vocab)
        fail(EXIT_DATA, "%s: the vocabulary has %d tokens, the model %d (expected as many). Try: save both again",
             folder, tokens, c->vocab);
    s->name =
        text_format("%s: %d block%s of width %d, %d head%s, context %d, %d %s", folder, c->layers, PLURAL(c->layers),
                    c->width, c->heads, PLURAL(c->heads), c->context, c->vocab, tokenizer_units(s->tokenizer));
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

/* A model of characters that has never seen one of the story's was learnt from another text. */
static void compare_alphabets(const Source *s) {
    int length;
    for (size_t at = 0; at < s->story.size; at += (size_t)length) {
        utf8_decode(s->story.data + at, s->story.size - at, &length);
        if (tokenizer_find(s->tokenizer, s->story.data + at, (size_t)length) >= 0) continue;
        note("the model does not know \"%.*s\" of %s, so it was learnt from another text, and copies of that one are "
             "not "
             "found. Try: --data FILE",
             length, s->story.data + at, s->story_name);
        return;
    }
}

Source source_open(const Choices *ask, Workers *workers) {
    Source s = {0};
    bool compares = !ask->print && !ask->common.time;
    if (ask->model) read_model(&s, ask->model, workers);
    if (!ask->model || compares) s.story = course_text_story(ask->data, &s.story_name);
    if (!ask->model) count_story(&s, ask->counts);
    TokenizerKind kind = tokenizer_kind(s.tokenizer);
    if (ask->model && compares && kind == TOKENIZER_CHARACTERS) compare_alphabets(&s);
    if (kind == TOKENIZER_WORDS && compares) glue_story(&s);
    if (compares) s.copies = substrings_new(s.story.data, s.story.size);
    return s;
}

void source_free(Source *s) {
    memory_free(s->name), ids_free(&s->counted);
    bytes_free(&s->story), substrings_free(&s->copies);
    tokenizer_free(s->tokenizer);
    model_free(s->model);
}
