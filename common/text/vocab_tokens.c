#include "text/vocab_tokens.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"

Vocab vocab_of_characters(const char *text, size_t size) {
    Vocab seen = {0};
    for (size_t first = 0, end = 0; first < size; first = end) {
        utf8_next(text, size, &end);
        if (vocab_id(&seen, text + first, end - first) < 0) vocab_add(&seen, text + first, end - first);
    }
    return vocab_sorted(&seen);
}

static void add(const Vocab *vocab, const char *what, const char *text, size_t at, size_t length, Encoding *out) {
    int id = vocab_id(vocab, text + at, length);
    if (id < 0)
        fail(EXIT_DATA, "%s: byte %zu: the model has never seen `%.*s` (expected one of its %d %ss). Try: another word",
             error_text_name(), at, (int)(length < 30 ? length : 30), text + at, vocab->count, what);
    encoding_push(out, id, 0, (int)at, (int)(at + length));
}

void vocab_characters(const Vocab *vocab, const char *text, size_t from, size_t to, Encoding *out) {
    for (size_t end = from; from < to; from = end) {
        utf8_next(text, to, &end);
        add(vocab, "character", text, from, end - from, out);
    }
}

void vocab_words(const Vocab *vocab, const char *text, size_t size, Encoding *out) {
    TextSpans spans = {0};
    regex_split(text, size, &spans);
    for (size_t i = 0; i < spans.n; i++)
        add(vocab, "word", text, spans.at[i].first, spans.at[i].end - spans.at[i].first, out);
    text_spans_free(&spans);
}
