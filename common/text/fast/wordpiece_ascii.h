/* wordpiece_ascii - ids for text that is plain ASCII, five times faster. Equal to: words_text (text/words.h).
 *
 * Three ideas. (1) For ASCII, all stations together are one table of 256 entries: a byte is a white space, a
 * punctuation mark with its id, or a letter with its lower case. (2) People repeat words: a word's pieces are
 * remembered in a table, so that `the` is cut once. (3) Whatever is not plain (a byte of an accent, a control
 * character, a very long word) goes to words_text from the start of its word to the next ASCII space or mark, where
 * nothing can reach across. */
#ifndef TEXT_FAST_WORDPIECE_ASCII_H
#define TEXT_FAST_WORDPIECE_ASCII_H
#include "text/words.h"

/* The tables that follow from a tokenizer's rules and vocabulary, filled by asking the plain rules. You free them. */
struct AsciiTables *ascii_tables_new(const WordPiece *tokenizer);

/* The words seen so far; how many it can hold follows from the size of the texts in bytes. */
typedef struct {
    struct KnownWord *slot; /* owned */
    size_t slots;           /* a power of two */
} KnownWords;
KnownWords known_words_new(size_t size);
void known_words_free(KnownWords *known);

/* words_text, by the fast path; words->tokenizer->ascii must be there. */
void ascii_text(Words *words, KnownWords *known, const char *text, size_t from, size_t to);
#endif
