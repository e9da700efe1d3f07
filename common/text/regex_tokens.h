/* regex_tokens - the simplest tokens that are words: a text split by a regular expression, a vocabulary of what occurs,
 * and two tokenizers on it. Told in stages/02_regex_tokens, after Raschka, Build a Large Language Model (From Scratch),
 * chapter 2. The expression is  ([,.:;?_!"()']|--|\s) : every match is a token of its own, and what stands between two
 * matches is one; white space is dropped, so that the text does not come back from its tokens. */
#ifndef TEXT_REGEX_TOKENS_H
#define TEXT_REGEX_TOKENS_H
#include "base/memory.h"
#include "text/ids.h"
#include "text/vocab.h"
#include <stdbool.h>

typedef struct {
    size_t first, end; /* bytes of the text */
} TextSpan;

typedef struct {
    TextSpan *at; /* owned */
    size_t n;
} TextSpans;
void text_spans_add(TextSpans *spans, size_t first, size_t end); /* appends one; nothing, when it is empty */
void text_spans_free(TextSpans *spans);
bool text_spans_equal(const TextSpans *a, const TextSpans *b);

/* Appends the tokens of a text of UTF-8, split by hand; white space is what Python's \s takes it for. */
void regex_split(const char *text, size_t size, TextSpans *out);

/* The same by POSIX regcomp and regexec, which know bytes only: of white space, the six ASCII ones. */
void regex_split_posix(const char *text, size_t size, TextSpans *out);

/* The different tokens in the order of their bytes (which is the order of code points, and strcmp's); with `special`,
 * "<|endoftext|>" and "<|unk|>" behind them. You free it. */
Vocab regex_vocab(const char *text, const TextSpans *spans, bool special);

/* V1: a token that is not in the vocabulary is EXIT_DATA, with its offset. V2: it becomes <|unk|>, which the vocabulary
 * must have. V2 also glues : and ; to the word before them when it decodes. */
typedef enum { REGEX_V1 = 1, REGEX_V2 = 2 } RegexVersion;
void regex_encode(const Vocab *vocab, RegexVersion version, const char *text, size_t size, Ids *out);

/* Appends the tokens with a space between, but none before  , . ? ! " ( ) '  (V2: nor before : ;). EXIT_DATA for an id
 * that is not in the vocabulary. */
void regex_decode(const Vocab *vocab, RegexVersion version, const int *ids, size_t n, String *out);
#endif
