#include "text/regex_tokens.h"
#include "base/error.h"
#include "text/gpt2_split.h"

#include <assert.h>
#include <regex.h>
#include <string.h>

/* ---- splitting ---- */

void text_spans_add(TextSpans *spans, size_t first, size_t end) {
    if (first == end) return;
    spans->at = memory_for_more(spans->at, spans->n, sizeof *spans->at, "tokens");
    spans->at[spans->n++] = (TextSpan){first, end};
}

bool text_spans_equal(const TextSpans *a, const TextSpans *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, a->n * sizeof *a->at) == 0);
}

void text_spans_free(TextSpans *spans) {
    memory_free(spans->at);
    *spans = (TextSpans){0};
}

/* Bytes of the white space at text[at], or 0. Python's \s: White_Space and the four separators 1C-1F. */
static size_t white_space(const char *text, size_t size, size_t at) {
    int length;
    if (text[at] >= 0x1C && text[at] <= 0x1F) return 1;
    return gpt2_class(text + at, size - at, &length) == CLASS_SPACE ? (size_t)length : 0;
}

static bool is_mark(char c) {
    return c != '\0' && strchr(",.:;?_!\"()'", c) != NULL;
}

void regex_split(const char *text, size_t size, TextSpans *out) {
    size_t word = 0, at = 0;
    while (at < size) {
        size_t white = white_space(text, size, at);
        size_t mark = is_mark(text[at]) ? 1 : at + 1 < size && text[at] == '-' && text[at + 1] == '-' ? 2 : 0;
        if (white + mark == 0) {
            at++;
            continue;
        }
        text_spans_add(out, word, at);
        text_spans_add(out, at, at + mark);
        at += white + mark;
        word = at;
    }
    text_spans_add(out, word, size);
}

void regex_split_posix(const char *text, size_t size, TextSpans *out) {
    regex_t expression;
    if (regcomp(&expression, "[,.:;?_!\"()']|--|[[:space:]]", REG_EXTENDED) != 0)
        fail(EXIT_ENVIRONMENT, "the system's regular expressions do not take ours");
    size_t word = 0;
    regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)size};
    while (regexec(&expression, text, 1, &match, REG_STARTEND) == 0) {
        size_t first = (size_t)match.rm_so, end = (size_t)match.rm_eo;
        text_spans_add(out, word, first);
        if (is_mark(text[first]) || end - first == 2) text_spans_add(out, first, end);
        word = end;
        match = (regmatch_t){.rm_so = (regoff_t)end, .rm_eo = (regoff_t)size};
    }
    text_spans_add(out, word, size);
    regfree(&expression);
}

/* ---- the vocabulary ---- */

Vocab regex_vocab(const char *text, const TextSpans *spans, bool special) {
    Vocab seen = {0};
    for (size_t i = 0; i < spans->n; i++) {
        const char *word = text + spans->at[i].first;
        size_t length = spans->at[i].end - spans->at[i].first;
        if (vocab_id(&seen, word, length) < 0) vocab_add(&seen, word, length);
    }
    Vocab vocab = vocab_sorted(&seen);
    const char *const more[] = {"<|endoftext|>", "<|unk|>"};
    for (int i = 0; special && i < 2; i++)
        if (vocab_id(&vocab, more[i], strlen(more[i])) < 0) vocab_add(&vocab, more[i], strlen(more[i]));
    return vocab;
}

/* ---- the tokenizers ---- */

void regex_encode(const Vocab *vocab, RegexVersion version, const char *text, size_t size, Ids *out) {
    int unknown = vocab_id(vocab, "<|unk|>", 7);
    assert(version == REGEX_V1 || unknown >= 0);
    TextSpans spans = {0};
    regex_split(text, size, &spans);
    ids_reserve(out, spans.n);
    for (size_t i = 0; i < spans.n; i++) {
        size_t first = spans.at[i].first, length = spans.at[i].end - first;
        int id = vocab_id(vocab, text + first, length);
        if (id < 0 && version == REGEX_V1)
            fail(EXIT_DATA,
                 "'%.*s' at byte %zu is not in the vocabulary of %d tokens (V1 knows no others). Try: V2, which "
                 "has a token for unknown words",
                 (int)(length < 80 ? length : 80), text + first, first, vocab->count);
        out->at[out->n++] = id < 0 ? unknown : id;
    }
    text_spans_free(&spans);
}

void regex_decode(const Vocab *vocab, RegexVersion version, const int *ids, size_t n, String *out) {
    const char *glued = version == REGEX_V1 ? ",.?!\"()'" : ",.:;?!\"()'";
    vocab_check_ids(vocab, ids, n);
    for (size_t i = 0; i < n; i++) {
        const char *token = vocab_token(vocab, ids[i]);
        bool glue = *token && strchr(glued, *token);
        if (i > 0 && !glue) string_add(out, " ");
        string_add_bytes(out, token, vocab->length[ids[i]]);
    }
}
