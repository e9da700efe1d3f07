#include "text/vocab_tokens.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/regex_tokens.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

static int by_bytes(const void *a, const void *b) {
    return memcmp(a, b, 4);
}

/* Four bytes each, zeros behind: no character but the byte 0 has one inside, so that comparing all four is enough. */
Vocab vocab_of_characters(const char *text, size_t size) {
    Vocab seen = {0}, sorted = {0};
    int length;
    for (size_t at = 0; at < size; at += (size_t)length) {
        utf8_decode(text + at, size - at, &length);
        if (vocab_id(&seen, text + at, (size_t)length) < 0) vocab_add(&seen, text + at, (size_t)length);
    }
    char(*bytes)[4] = memory_new((size_t)seen.count, sizeof *bytes, "characters");
    for (int id = 0; id < seen.count; id++) memcpy(bytes[id], vocab_token(&seen, id), seen.length[id]);
    if (seen.count) qsort(bytes, (size_t)seen.count, sizeof *bytes, by_bytes);
    for (int i = 0; i < seen.count; i++) vocab_add(&sorted, bytes[i], bytes[i][0] ? strnlen(bytes[i], 4) : 1);
    memory_free(bytes);
    vocab_free(&seen);
    return sorted;
}

static void add(const Vocab *vocab, const char *what, const char *text, size_t at, size_t length, Encoding *out) {
    int id = vocab_id(vocab, text + at, length);
    if (id < 0) {
        char quoted[80], *token = text_copy(text + at, length < 30 ? length : 30);
        error_quote(quoted, sizeof quoted, token);
        memory_free(token);
        fail(EXIT_DATA, "TEXT: byte %zu: the model has never seen `%s` (expected one of its %d %ss). Try: another word",
             at, quoted, vocab->count, what);
    }
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
