/* vocab_tokens - a text whose every character, or every word, is in a vocabulary: ids with their places. Told in
 * stages 01 and 02. What is not there is EXIT_DATA, with what it is and its byte. */
#ifndef TEXT_VOCAB_TOKENS_H
#define TEXT_VOCAB_TOKENS_H
#include "text/encoding.h"
#include "text/vocab.h"

/* Appends the characters of text[from..to), which is UTF-8. */
void vocab_characters(const Vocab *vocab, const char *text, size_t from, size_t to, Encoding *out);

/* Appends the words of a text, as regex_split cuts it. */
void vocab_words(const Vocab *vocab, const char *text, size_t size, Encoding *out);
#endif
