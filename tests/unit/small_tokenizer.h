/* A tokenizer of a few words or characters. For test_tokenizer and test_tokenizer_texts. */
#ifndef SMALL_TOKENIZER_H
#define SMALL_TOKENIZER_H
#include "expect.h"
#include "text/tokenizer.h"

/* Tokens with a space between; "_" stands for a space, "|" for a new line. */
static inline Tokenizer *tokenizer_of(TokenizerKind kind, const char *tokens) {
    Vocab vocab = {0};
    for (const char *at = tokens; *at; at += strcspn(at, " "), at += *at == ' ') {
        size_t size = strcspn(at, " ");
        if (size == 1 && (*at == '_' || *at == '|')) vocab_add(&vocab, *at == '_' ? " " : "\n", 1);
        else vocab_add(&vocab, at, size);
    }
    return tokenizer_new(kind, vocab);
}
#endif
