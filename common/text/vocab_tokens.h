/* vocab_tokens - the vocabulary of a text's characters (that of its words is regex_vocab), and a text whose every
 * character, or every word, is in a vocabulary: ids with their places. Told in stages 01 and 02. */
#ifndef TEXT_VOCAB_TOKENS_H
#define TEXT_VOCAB_TOKENS_H
#include "text/encoding.h"
#include "text/vocab.h"

/* The different characters of a text in the order of their bytes, which is that of their code points; a byte that is no
 * character is a token, too, so that the text comes back whole. You free it. */
Vocab vocab_of_characters(const char *text, size_t size);

/* Appends the characters of text[from..to), which is UTF-8. One that is not there is EXIT_DATA, with its place. */
void vocab_characters(const Vocab *vocab, const char *text, size_t from, size_t to, Encoding *out);

/* Appends the words of a text, as regex_split cuts it. One that is not there is EXIT_DATA, with its place. */
void vocab_words(const Vocab *vocab, const char *text, size_t size, Encoding *out);
#endif
