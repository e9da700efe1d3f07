#include "text/vocab_tokens.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"

Vocab vocab_of_characters(const char *text, size_t size) {
    Vocab seen = {0};
    int length;
    for (size_t at = 0; at < size; at += (size_t)length) {
        utf8_decode(text + at, size - at, &length);
        if (vocab_id(&seen, text + at, (size_t)length) < 0) vocab_add(&seen, text + at, (size_t)length);
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
    int length;
    for (size_t at = from; at < to; at += (size_t)length) {
        utf8_decode(text + at, to - at, &length);
        add(vocab, "character", text, at, (size_t)length, out);
    }
}

void vocab_words(const Vocab *vocab, const char *text, size_t size, Encoding *out) {
    TextSpans spans = {0};
    regex_split(text, size, &spans);
    for (size_t i = 0; i < spans.n; i++)
        add(vocab, "word", text, spans.at[i].first, spans.at[i].end - spans.at[i].first, out);
    text_spans_free(&spans);
}
