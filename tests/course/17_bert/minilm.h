/* minilm - what the checkers of stage 17 measure on: MiniLM's own pass over the stage's default sentence. */
#ifndef COURSE_17_MINILM_H
#define COURSE_17_MINILM_H
#include "judge.h"
#include "model/bert.h"
#include "text/wordpiece.h"

#include <string.h>

typedef struct {
    WordPiece tokenizer;
    Bert bert;
    Encoding encoding;
    Trace trace;
} Reading;

static inline Reading reading_new(const char *text) {
    needs("data/minilm/model.safetensors", "data/fetch.sh minilm");
    Reading r = {.tokenizer = wordpiece_load("data/minilm"), .bert = bert_load("data/minilm", NULL, false)};
    r.encoding = wordpiece_encode(&r.tokenizer, text, strlen(text), NULL, 0);
    r.trace = bert_trace_new(&r.bert, r.encoding.n);
    bert_forward(&r.bert, NULL, r.encoding.ids, r.encoding.types, (Run){0}, &r.trace);
    return r;
}

static inline void reading_free(Reading *r) {
    trace_free(&r->trace);
    encoding_free(&r->encoding);
    bert_free(&r->bert);
    wordpiece_free(&r->tokenizer);
}

static const char *const SENTENCE = "The artist painted the portrait of a woman with a brush";
#endif
